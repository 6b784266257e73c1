import { signV4 } from '../../../src/storage/s3/sign-v4';

// The examples of the Signature Version 4 documentation of Amazon S3.
const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const OPTIONS = { region: 'us-east-1', service: 's3', now: Date.parse('2013-05-24T00:00:00Z') };

test.each([
  ['an object with a range', '/test.txt', { range: 'bytes=0-9' }, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  ['a bucket\'s lifecycle', '/?lifecycle', {}, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['a listing', '/?max-keys=2&prefix=J', {}, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
])('signs %s as the documentation does', (_what, path, headers, signature) => {
  const { headers: signed } = signV4({ url: new URL(path, 'https://examplebucket.s3.amazonaws.com'), headers: headers as Record<string, string> }, KEYS, OPTIONS);
  expect(signed?.['authorization']).toMatch(new RegExp(`Signature=${signature}$`));
});

test('a session token is part of what is signed', () => {
  const { headers } = signV4({ url: new URL('https://b.s3.amazonaws.com/k') }, { ...KEYS, sessionToken: 'tok' }, OPTIONS);
  expect(headers).toMatchObject({ 'x-amz-security-token': 'tok', authorization: expect.stringContaining('SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,') });
});
