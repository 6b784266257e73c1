import { once } from 'node:events';
import { type Server, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { selfSignedCertificate } from '../../../../local/src/apiserver/tls/self-signed-certificate';
import { proxyFinder } from '../../../src/storage/transport/proxy-finder';
import { tempFolder } from '../../support/temp-folder';
import { someBytes } from '../support/bytes';
import { fakeS3 } from '../support/fake-s3';
import { FAKE_STORES, type FakeStore } from '../support/fake-stores';
import { failureOf, fetched } from '../support/fetch-into';
import { answerFile } from '../support/file-server';
import { proxyServer } from '../support/proxy-server';
import { listen } from '../support/servers';

const MODEL = someBytes(200_000);
const ARRIVED = { 'm.bin': MODEL.toString('latin1') };
const { certificate, privateKey } = selfSignedCertificate(new Date());
let server: Server;
let secure: string;

beforeAll(async () => {
  server = createServer({ cert: certificate, key: privateKey }, (request, response) => answerFile(request, response, MODEL)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  secure = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const trust = (): Record<string, string> => ({ SSL_CERT_FILE: join(tempFolder({ 'ca.crt': certificate }), 'ca.crt') });

test('https goes through CONNECT, over few tunnels, and its certificate is still checked', async () => {
  const { origin, asked } = await proxyServer();
  expect(await fetched(`${secure}/m.bin`, { HTTPS_PROXY: origin, ISVC_FETCH_CONNECTIONS: '2', ...trust() })).toEqual(ARRIVED);
  expect(new Set(asked)).toEqual(new Set([`CONNECT ${new URL(secure).host}`]));
  expect(asked.length).toBeLessThanOrEqual(3);
  expect(await failureOf(fetched(`${secure}/m.bin`, { HTTPS_PROXY: origin }))).toEqual({ code: 'ISVC_FETCH_UNREACHABLE', line: expect.stringContaining('the certificate is not trusted') });
});

test('http goes through absolute addresses, by either spelling of the variable', async () => {
  const { origin, asked } = await proxyServer();
  const store = await listen((request, response) => answerFile(request, response, MODEL));
  expect(await fetched(`${store}/m.bin`, { http_proxy: origin.replace('http://', '') })).toEqual(ARRIVED);
  expect(new Set(asked)).toEqual(new Set([`GET ${store}/m.bin`]));
});

test.each((Object.entries(FAKE_STORES) as [string, FakeStore][]).filter(([name]) => name !== 'oci'))('%s goes through the proxy, signatures and all', async (_name, store) => {
  const { origin: proxy, asked } = await proxyServer();
  const origin = await store.serve({ 'model.joblib': MODEL });
  const { uri, env } = store.address(origin);
  expect(await fetched(uri, { ...env, HTTP_PROXY: proxy })).toEqual({ 'model.joblib': MODEL.toString('latin1') });
  expect(asked.length).toBeGreaterThan(1);
});

describe('a proxy with a log-in', () => {
  test('gets user and password of its address', async () => {
    const { origin } = await proxyServer('ann:p@ss');
    const address = origin.replace('//', '//ann:p%40ss@');
    expect(await fetched(`${secure}/m.bin`, { HTTPS_PROXY: address, ...trust() })).toEqual(ARRIVED);
    const store = await listen((request, response) => answerFile(request, response, MODEL));
    expect(await fetched(`${store}/m.bin`, { HTTP_PROXY: address })).toEqual(ARRIVED);
  });

  test.each(['http', 'https'])('refuses others, which is said without the password (%s)', async (scheme) => {
    const { origin } = await proxyServer('ann:right');
    const store = scheme === 'https' ? secure : await listen((request, response) => answerFile(request, response, MODEL));
    const failure = await failureOf(fetched(`${store}/m.bin`, { ALL_PROXY: origin.replace('//', '//ann:wr0ng@') }));
    expect(failure).toEqual({ code: 'ISVC_FETCH_UNREACHABLE', line: expect.stringMatching(/the proxy 127\.0\.0\.1:\d+ wants a user and password/) });
    expect(failure.line).not.toContain('wr0ng');
  });
});

test.each([
  [403, /the proxy .* refuses to lead to 127\.0\.0\.1:\d+, with status 403; allow the host on the proxy/],
  [503, /no usable answer: the proxy .* does not lead to .* for now: status 503/],
])('a proxy that answers CONNECT with %s is named', async (status, line) => {
  const { origin, asked } = await proxyServer(undefined, status);
  expect(await failureOf(fetched(`${secure}/m.bin`, { HTTPS_PROXY: origin, ISVC_FETCH_ATTEMPTS: '2' }))).toEqual({ code: 'ISVC_FETCH_UNREACHABLE', line: expect.stringMatching(line) });
  expect(asked).toHaveLength(status === 503 ? 2 : 1);
});

test('instance metadata is asked directly, and refused to models all the same', async () => {
  const { origin, asked } = await proxyServer();
  const document = JSON.stringify({ AccessKeyId: 'AKIATEST', SecretAccessKey: 'secret', Token: 'issued' });
  const metadata = await listen((request, response) => void response.end(request.method === 'PUT' ? 't' : request.url?.endsWith('/security-credentials/') ? 'role' : document));
  const s3 = await fakeS3({ 'm.bin': MODEL }, { keys: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: 'issued' } });
  expect(await fetched('s3://models/m.bin', { AWS_ENDPOINT_URL: s3, AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata, HTTP_PROXY: origin })).toEqual(ARRIVED);
  expect(asked.filter((line) => line.includes(metadata))).toEqual([]);
  expect(await failureOf(fetched('http://169.254.169.254/m.bin', { HTTP_PROXY: origin }))).toMatchObject({ code: 'ISVC_FETCH_UNSAFE' });
});

const PROXIES = { HTTPS_PROXY: 'http://p1:3128', http_proxy: 'https://p2' };
test.each<[string, string, Record<string, string>, string | undefined]>([
  ['https://a.example/x', '', PROXIES, 'p1:3128'],
  ['http://a.example/x', '', PROXIES, 'p2'],
  ['http://a.example/x', '', { ALL_PROXY: 'p3:1' }, 'p3:1'],
  ['https://a.example/x', 'a.example', PROXIES, undefined],
  ['https://b.a.example/x', 'other, .a.example', PROXIES, undefined],
  ['https://b.a.example/x', '*.a.example', PROXIES, undefined],
  ['https://ba.example/x', 'a.example', PROXIES, 'p1:3128'],
  ['https://a.example:8443/x', 'a.example:443', PROXIES, 'p1:3128'],
  ['https://a.example/x', 'a.example:443', PROXIES, undefined],
  ['https://10.1.2.3/x', '10.0.0.0/8', PROXIES, undefined],
  ['https://11.1.2.3/x', '10.0.0.0/8', PROXIES, 'p1:3128'],
  ['https://[fd00::1]:1/x', 'fd00::/8', PROXIES, undefined],
  ['https://[fd00::1]/x', '[fd00::1]:443', PROXIES, undefined],
  ['https://a.example/x', '*', PROXIES, undefined],
])('%s with NO_PROXY "%s" and %j goes through %s', (url, exceptions, env, expected) => {
  expect(proxyFinder({ ...env, NO_PROXY: exceptions })?.(new URL(url))?.host).toBe(expected);
});

test('a proxy that speaks something else is refused, without its password', () => {
  expect(() => proxyFinder({ HTTPS_PROXY: 'socks5://ann:pw@p:1080' })).toThrow('HTTPS_PROXY is not the address of an http or https proxy');
  expect(proxyFinder({ NO_PROXY: '*' })).toBeUndefined();
});
