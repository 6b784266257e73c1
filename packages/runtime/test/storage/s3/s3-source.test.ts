import { readdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { s3Url } from '../../../src/storage/s3/s3-address';
import { parseS3Settings } from '../../../src/storage/s3/s3-settings';
import { tempFolder } from '../../support/temp-folder';
import { tarOf } from '../support/archives';
import { someBytes } from '../support/bytes';
import { fakeS3 } from '../support/fake-s3';
import { failureOf, fetched, fetchInto } from '../support/fetch-into';
import { listen } from '../support/servers';

const KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: 'very/secret+key' };
const LARGE = someBytes(200_000);
const OBJECTS = {
  'iris/model.joblib': LARGE,
  'iris/meta/a b+ü(1)&.json': Buffer.from('{}'),
  'iris/meta/': Buffer.alloc(0),
  'iris2/other.joblib': Buffer.from('other'),
  'packed/m.tar': tarOf({ 'model.joblib': 'm' }),
};

function envOf(endpoint: string, keys: typeof KEYS & { sessionToken?: string } = KEYS): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey, AWS_DEFAULT_REGION: 'eu-west-1',
    ...(keys.sessionToken ? { AWS_SESSION_TOKEN: keys.sessionToken } : {}),
  };
}

const IRIS = { 'meta/a b+ü(1)&.json': '{}', 'model.joblib': LARGE.toString('latin1') };

describe('s3://', () => {
  test.each([
    ['a folder', 's3://models/iris', IRIS],
    ['a folder with a slash', 's3://models/iris/', IRIS],
    ['one object', 's3://models/iris2/other.joblib', { 'other.joblib': 'other' }],
    ['an archive', 's3://models/packed/m.tar', { 'model.joblib': 'm' }],
    ['a folder with one archive', 's3://models/packed', { 'model.joblib': 'm' }],
  ])('%s', async (_what, uri, expected) => {
    const env = envOf(await fakeS3(OBJECTS, { keys: KEYS }));
    expect(await fetched(uri, env)).toEqual(expected);
  });

  test('a listing of many pages', async () => {
    const objects = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`m/${i}.bin`, Buffer.from(String(i))]));
    const seen: IncomingMessage[] = [];
    const files = await fetched('s3://models/m', envOf(await fakeS3(objects, { keys: KEYS, pageSize: 10, seen })));
    expect(Object.keys(files)).toHaveLength(25);
    expect(seen.filter(({ url }) => url?.includes('list-type'))).toHaveLength(3);
  });

  test('session tokens are signed, requester pays is said', async () => {
    const keys = { ...KEYS, sessionToken: 'session/token' };
    const seen: IncomingMessage[] = [];
    expect(await fetched('s3://models/iris', { ...envOf(await fakeS3(OBJECTS, { keys, seen }), keys), S3_REQUESTER_PAYS: '1' })).toEqual(IRIS);
    expect(seen.every(({ headers }) => headers['x-amz-request-payer'] === 'requester')).toBe(true);
  });

  test('anonymous where KServe asks for it', async () => {
    expect(await fetched('s3://models/iris', { AWS_ENDPOINT_URL: await fakeS3(OBJECTS), awsAnonymousCredential: 'true' })).toEqual(IRIS);
  });

  test('an ETag that is no digest because of a KMS key is not taken for one', async () => {
    const origin = await fakeS3(OBJECTS, { keys: KEYS, headers: { 'x-amz-server-side-encryption': 'aws:kms' }, etag: `"${'0'.repeat(32)}"` });
    expect(await fetched('s3://models/iris', envOf(origin))).toEqual(IRIS);
  });

  test('only what the patterns allow', async () => {
    const env = { ...envOf(await fakeS3(OBJECTS, { keys: KEYS })), STORAGE_ALLOW_PATTERNS: '["*.json", "*.joblib"]', STORAGE_IGNORE_PATTERNS: 'meta/*' };
    expect(Object.keys(await fetched('s3://models/iris', env))).toEqual(['model.joblib']);
  });

  test('an entry of the storage secret gives bucket, endpoint and keys; parameters win', async () => {
    const origin = await fakeS3(OBJECTS, { keys: KEYS });
    const config = { type: 's3', bucket: 'wrong', endpoint_url: origin, access_key_id: KEYS.accessKeyId, secret_access_key: KEYS.secretAccessKey, region: 'eu-west-1' };
    const env = { STORAGE_CONFIG: JSON.stringify(config), STORAGE_OVERRIDE_CONFIG: '{"bucket":"models"}' };
    expect(await fetched('<scheme-placeholder>://iris2', env)).toEqual({ 'other.joblib': 'other' });
  });

  test('keys of a role for the token of the service account (IRSA)', async () => {
    const bodies: string[] = [];
    const keys = { ...KEYS, sessionToken: 'issued' };
    const sts = await listen((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.end(`<R><Credentials><AccessKeyId>${KEYS.accessKeyId}</AccessKeyId><SecretAccessKey>${KEYS.secretAccessKey}</SecretAccessKey><SessionToken>issued</SessionToken><Expiration>2040-01-01T00:00:00Z</Expiration></Credentials></R>`));
    });
    const env = { AWS_ENDPOINT_URL: await fakeS3(OBJECTS, { keys }), AWS_ENDPOINT_URL_STS: sts, AWS_ROLE_ARN: 'arn:aws:iam::1:role/models', AWS_WEB_IDENTITY_TOKEN_FILE: join(tempFolder({ token: 'jwt\n' }), 'token') };
    expect(await fetched('s3://models/iris', env)).toEqual(IRIS);
    expect(bodies).toEqual([expect.stringMatching(/Action=AssumeRoleWithWebIdentity.*RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fmodels.*WebIdentityToken=jwt$/)]);
  });

  const document = JSON.stringify({ AccessKeyId: KEYS.accessKeyId, SecretAccessKey: KEYS.secretAccessKey, Token: 'issued', Expiration: '2040-01-01T00:00:00Z' });
  test('keys of the pod identity agent', async () => {
    const agent = await listen((request, response) => void response.writeHead(request.headers.authorization === 'pod-token' ? 200 : 401).end(document));
    const env = { AWS_ENDPOINT_URL: await fakeS3(OBJECTS, { keys: { ...KEYS, sessionToken: 'issued' } }), AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent}/v1/credentials`, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(tempFolder({ t: 'pod-token' }), 't') };
    expect(await fetched('s3://models/iris', env)).toEqual(IRIS);
  });

  test('keys of the instance, by IMDSv2', async () => {
    const metadata = await listen((request, response) => {
      if (request.method === 'PUT') return void response.end('imds-token');
      if (request.headers['x-aws-ec2-metadata-token'] !== 'imds-token') return void response.writeHead(401).end();
      response.end(request.url?.endsWith('/security-credentials/') ? 'node-role' : document);
    });
    const env = { AWS_ENDPOINT_URL: await fakeS3(OBJECTS, { keys: { ...KEYS, sessionToken: 'issued' } }), AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata };
    expect(await fetched('s3://models/iris', env)).toEqual(IRIS);
  });

  test('a token that ran out is renewed once', async () => {
    let issued = 0;
    const agent = await listen((_, response) => void response.end(JSON.stringify({ ...JSON.parse(document), Token: issued++ === 0 ? 'old' : 'issued' })));
    const inner = await fakeS3(OBJECTS, { keys: { ...KEYS, sessionToken: 'issued' } });
    const front = await listen((request, response) => {
      if (request.headers['x-amz-security-token'] === 'old') return void response.writeHead(400).end('<Error><Code>ExpiredToken</Code></Error>');
      void fetch(inner + request.url, { headers: request.headers as Record<string, string> }).then(() => undefined, () => undefined);
      response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>');
    });
    const { code } = await failureOf(fetched('s3://models/iris', { AWS_ENDPOINT_URL: front, AWS_CONTAINER_CREDENTIALS_FULL_URI: agent }));
    expect({ issued, code }).toEqual({ issued: 2, code: 'ISVC_FETCH_NOT_FOUND' });
  });

  test.each([
    ['a wrong key', 's3://models/iris', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'ISVC_FETCH_DENIED', /^s3:\/\/models\/iris: s3: access denied to bucket models as access key AKIATEST \(SignatureDoesNotMatch: .*\); correct the keys in the secret/],
    ['no such bucket', 's3://nope/iris', {}, 'ISVC_FETCH_NOT_FOUND', /bucket nope does not exist \(NoSuchBucket/],
    ['no such path', 's3://models/nope', {}, 'ISVC_FETCH_NOT_FOUND', /s3: bucket models has nothing at "nope"; check the path/],
    ['part of a name', 's3://models/iri', {}, 'ISVC_FETCH_NOT_FOUND', /has nothing at "iri"; there is "iris", "iris2"; correct the path/],
    ['no bucket', 's3:///iris', {}, 'ISVC_FETCH_NOT_FOUND', /names no bucket/],
    ['half a key pair', 's3://models/iris', { AWS_SECRET_ACCESS_KEY: '' }, 'ISVC_FETCH_CONFIG', /AWS_SECRET_ACCESS_KEY is not set/],
    ['an endpoint that is none', 's3://models/iris', { AWS_ENDPOINT_URL: 'nonsense' }, 'ISVC_FETCH_CONFIG', /AWS_ENDPOINT_URL must be/],
    ['patterns that leave nothing', 's3://models/iris', { STORAGE_ALLOW_PATTERNS: '*.onnx' }, 'ISVC_FETCH_NOT_FOUND', /none of its 2 files passes/],
  ])('%s', async (_what, uri, env, code, line) => {
    const target = tempFolder();
    const failure = await failureOf(fetchInto(target, uri, { ...envOf(await fakeS3(OBJECTS, { keys: KEYS })), ...(env as Record<string, string>) }));
    expect(failure).toEqual({ code, line: expect.stringMatching(line) });
    expect(failure.line).not.toContain(KEYS.secretAccessKey);
    expect(readdirSync(target)).toEqual([]);
  });

  test('keys that would leave the folder are refused', async () => {
    const env = envOf(await fakeS3({ 'm/../../x': Buffer.from('x') }, { keys: KEYS }));
    expect(await failureOf(fetched('s3://models/m', env))).toMatchObject({ code: 'ISVC_FETCH_UNSAFE' });
  });
});

test.each<[Record<string, string>, string]>([
  [{ AWS_DEFAULT_REGION: 'eu-west-1' }, 'https://b.s3.eu-west-1.amazonaws.com/k/a%20b'],
  [{ AWS_DEFAULT_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'https://s3.amazonaws.com' }, 'https://b.s3.eu-west-1.amazonaws.com/k/a%20b'],
  [{ S3_USER_VIRTUAL_BUCKET: '0' }, 'https://s3.us-east-1.amazonaws.com/b/k/a%20b'],
  [{ S3_ENDPOINT: 'minio:9000', S3_USE_HTTPS: '0' }, 'http://minio:9000/b/k/a%20b'],
  [{ S3_ENDPOINT: 'minio:9000' }, 'https://minio:9000/b/k/a%20b'],
  [{ AWS_ENDPOINT_URL: 'http://minio:9000/sub/', S3_USER_VIRTUAL_BUCKET: 'True' }, 'http://b.minio:9000/sub/k/a%20b'],
  [{ S3_USE_ACCELERATE: '1' }, 'https://b.s3-accelerate.amazonaws.com/k/a%20b'],
  [{ AWS_DEFAULT_REGION: 'cn-north-1' }, 'https://b.s3.cn-north-1.amazonaws.com.cn/k/a%20b'],
])('with %j an object is at %s', (env, expected) => {
  expect(s3Url(parseS3Settings(env), 'b', 'k/a b').href).toBe(expected);
});
