import type { IncomingMessage } from 'node:http';
import { type ChecksumAlgorithm, digestOf } from '../../../src/storage/download/checksum';
import { someBytes } from '../support/bytes';
import { fakeS3 } from '../support/fake-s3';
import { failureOf, fetched } from '../support/fetch-into';

const LARGE = someBytes(200_000);
const MULTIPART = '"0123456789abcdef0123456789abcdef-3"';
const base64 = (algorithm: ChecksumAlgorithm, bytes: Buffer): string => {
  const digest = digestOf(algorithm);
  digest.update(bytes);
  return Buffer.from(digest.hex(), 'hex').toString('base64');
};

/** As S3 does: stated where asked for, of the whole object to those who ask for the whole. */
const stating = (name: string, value: string, type = 'FULL_OBJECT') => ({ headers }: IncomingMessage): Record<string, string> =>
  headers['x-amz-checksum-mode'] === 'ENABLED' && headers.range === undefined ? { [name]: value, 'x-amz-checksum-type': type } : {};

const fetchWith = async (content: Buffer, headers: (request: IncomingMessage) => Record<string, string>, etag = MULTIPART, env: Record<string, string> = {}): Promise<unknown> =>
  fetched('s3://models/m.bin', { AWS_ENDPOINT_URL: await fakeS3({ 'm.bin': content }, { etag, headers }), awsAnonymousCredential: '1', ...env });

describe.each([['in parts', LARGE], ['in one piece', LARGE.subarray(0, 5000)]])('an object that comes %s', (_what, content) => {
  test.each<ChecksumAlgorithm>(['sha256', 'sha1', 'crc64nvme', 'crc32c', 'crc32'])('is compared with its %s', async (algorithm) => {
    const header = `x-amz-checksum-${algorithm}`;
    expect(await fetchWith(content, stating(header, base64(algorithm, content)))).toEqual({ 'm.bin': content.toString('latin1') });
    const other = base64(algorithm, Buffer.from('other'));
    expect(await failureOf(fetchWith(content, stating(header, other)))).toEqual({ code: 'ISVC_FETCH_CORRUPT', line: expect.stringContaining(`the ${algorithm} digest is`) });
  });

  test.each([
    ['type COMPOSITE', stating('x-amz-checksum-crc32', base64('crc32', Buffer.from('other')), 'COMPOSITE')],
    ['a number of parts', stating('x-amz-checksum-sha256', `${base64('sha256', Buffer.from('other'))}-3`)],
  ])('is not compared with a checksum of checksums: %s', async (_how, headers) => {
    expect(await fetchWith(content, headers)).toEqual({ 'm.bin': content.toString('latin1') });
  });

  test('has its stored checksum where the ETag is none because of a KMS key', async () => {
    const kms = (stated: (request: IncomingMessage) => Record<string, string>) => (request: IncomingMessage) => ({ 'x-amz-server-side-encryption': 'aws:kms', ...stated(request) });
    const etag = `"${'0'.repeat(32)}"`;
    expect(await fetchWith(content, kms(stating('x-amz-checksum-crc32c', base64('crc32c', content))), etag)).toEqual({ 'm.bin': content.toString('latin1') });
    expect(await failureOf(fetchWith(content, kms(stating('x-amz-checksum-crc32c', 'AAAAAA==')), etag))).toMatchObject({ code: 'ISVC_FETCH_CORRUPT' });
  });
});

test('many objects that come in parts do not wait for one another', async () => {
  const names = Array.from({ length: 9 }, (_, i) => `m/${i}.bin`);
  const origin = await fakeS3(Object.fromEntries(names.map((name) => [name, LARGE])), { etag: MULTIPART, headers: stating('x-amz-checksum-crc32c', base64('crc32c', LARGE)) });
  const env = { AWS_ENDPOINT_URL: origin, awsAnonymousCredential: '1', S3_CONNECT_TIMEOUT: '10', ISVC_FETCH_ATTEMPTS: '1', ISVC_FETCH_CONNECTIONS: '2' };
  expect(Object.keys(await fetched('s3://models/m', env))).toHaveLength(9);
});
