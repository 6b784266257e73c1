import { once } from 'node:events';
import { type Server, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { selfSignedCertificate } from '../../../../local/src/apiserver/tls/self-signed-certificate';
import { tempFolder } from '../../support/temp-folder';
import { failureOf, fetched } from '../support/fetch-into';
import { answerFile } from '../support/file-server';

const { certificate, privateKey } = selfSignedCertificate(new Date());
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    if (request.url?.includes('list-type')) response.end('<ListBucketResult><Contents><Key>m.bin</Key><ETag>"6f8f57715090da2632453988d9a1501b"</ETag><Size>1</Size></Contents></ListBucketResult>');
    else answerFile(request, response, Buffer.from('m'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const bundle = (): string => tempFolder({ 'cabundle.crt': certificate });

test('a certificate that nobody vouches for is named as the cause, at once', async () => {
  expect(await failureOf(fetched(`${origin}/m.bin`))).toEqual({ code: 'ISVC_FETCH_UNREACHABLE', line: expect.stringMatching(/the certificate is not trusted: .*; give the CA that signed it as the CA bundle/) });
});

test.each([
  ['the mounted bundle of KServe', (): Record<string, string> => ({ CA_BUNDLE_CONFIGMAP_NAME: 'global-ca-bundle', CA_BUNDLE_VOLUME_MOUNT_POINT: bundle() })],
  ['REQUESTS_CA_BUNDLE', () => ({ REQUESTS_CA_BUNDLE: join(bundle(), 'cabundle.crt') })],
  ['SSL_CERT_FILE', () => ({ SSL_CERT_FILE: join(bundle(), 'cabundle.crt') })],
])('%s is trusted', async (_what, env) => {
  expect(await fetched(`${origin}/m.bin`, env())).toEqual({ 'm.bin': 'm' });
});

test('a bundle that is not there is a warning', async () => {
  const warnings: string[] = [];
  const failure = await failureOf(fetched(`${origin}/m.bin`, { SSL_CERT_FILE: '/nope/ca.crt' }, { warn: (line) => warnings.push(line) }));
  expect(failure.code).toBe('ISVC_FETCH_UNREACHABLE');
  expect(warnings).toEqual([expect.stringMatching(/^the CA bundle \/nope\/ca\.crt is not used: /)]);
});

describe('s3', () => {
  const s3 = (): Record<string, string> => ({ AWS_ENDPOINT_URL: origin, awsAnonymousCredential: '1', S3_USER_VIRTUAL_BUCKET: '0' });

  test.each([
    ['AWS_CA_BUNDLE', (): Record<string, string> => ({ AWS_CA_BUNDLE: join(bundle(), 'cabundle.crt') })],
    ['S3_VERIFY_SSL=0', () => ({ S3_VERIFY_SSL: '0' })],
  ])('%s lets its own server be used', async (_what, env) => {
    expect(await fetched('s3://models/m.bin', { ...s3(), ...env() })).toEqual({ 'm.bin': 'm' });
  });

  test('neither is a refusal', async () => {
    expect(await failureOf(fetched('s3://models/m.bin', s3()))).toMatchObject({ line: expect.stringContaining('the certificate is not trusted') });
  });
});
