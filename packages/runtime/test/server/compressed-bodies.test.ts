import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { ask } from '../support/http';
import { serve } from '../support/served';

const PREDICT = '/v1/models/sk:predict';
const BODY = '{"instances":[[1,2,3,4]]}';

test.each([['gzip', gzipSync], ['GZIP', gzipSync], ['x-gzip', gzipSync], ['deflate', deflateSync], ['deflate', deflateRawSync]])('a body of %s is read', async (encoding, compress) => {
  const { port } = await serve();
  expect((await ask(port, PREDICT, { body: compress(BODY), headers: { 'content-encoding': encoding } })).text).toBe('{"predictions":[10]}');
});

test('tensors as bytes may be compressed with the JSON before them', async () => {
  const { port } = await serve();
  const json = JSON.stringify({ inputs: [{ name: 'input-0', datatype: 'FP32', shape: [1, 4], parameters: { binary_data_size: 16 } }] });
  const body = gzipSync(Buffer.concat([Buffer.from(json), Buffer.from(Float32Array.of(1, 2, 3, 4).buffer)]));
  const answer = await ask(port, '/v2/models/sk/infer', { body, headers: { 'content-encoding': 'gzip', 'inference-header-content-length': String(json.length) } });
  expect(answer.json()).toMatchObject({ outputs: [{ data: [10] }] });
});

test('a small body that becomes a large one is 413, and one of exactly the limit is read', async () => {
  const { port, model } = await serve({ maxRequestBytes: 1000 });
  const bomb = gzipSync(`${BODY}${' '.repeat(10_000_000)}`);
  expect(bomb.length).toBeGreaterThan(1000);
  const small = gzipSync(`${BODY}${' '.repeat(1000)}`);
  expect((await ask(port, PREDICT, { body: bomb, headers: { 'content-encoding': 'gzip' } })).status).toBe(413);
  const refused = await ask(port, PREDICT, { body: small, headers: { 'content-encoding': 'gzip' } });
  expect([refused.status, refused.text]).toEqual([413, '{"error":"the decompressed request body is larger than 1000 bytes"}']);
  expect(model.asked).toEqual([]);
  expect((await ask(port, PREDICT, { body: gzipSync(BODY.padEnd(1000)), headers: { 'content-encoding': 'gzip' } })).status).toBe(200);
});

test.each([
  ['an unknown encoding', 'br', Buffer.from(BODY), 415], ['two encodings', 'gzip, gzip', gzipSync(gzipSync(BODY)), 415],
  ['plain JSON that says gzip', 'gzip', Buffer.from(BODY), 400], ['a gzip that is cut', 'gzip', gzipSync(BODY).subarray(0, 20), 400], ['nothing', 'gzip', Buffer.alloc(0), 400],
])('%s is refused, and the next request is answered', async (_, encoding, body, status) => {
  const { port } = await serve();
  const answer = await ask(port, PREDICT, { body, headers: { 'content-encoding': encoding } });
  expect(answer.status).toBe(status);
  expect(answer.json()).toEqual({ error: expect.stringContaining(status === 415 ? 'is not known' : 'gzip') });
  if (status === 415) expect(answer.headers.get('accept-encoding')).toBe('gzip, deflate');
  expect((await ask(port, PREDICT, { body: BODY, headers: { 'content-encoding': 'identity' } })).status).toBe(200);
});
