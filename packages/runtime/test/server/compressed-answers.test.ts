import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:http';
import { gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { encodeInferMessage } from '../../src/client/grpc/infer-messages';
import { acceptedEncoding } from '../../src/server/encode-body';
import { compressedFrame, frame } from '../../src/server/grpc/frame-reader';
import { echoModel } from '../support/echo-model';
import { askGrpc, connectGrpc } from '../support/grpc';
import { serveTensors } from '../support/served';

const INFER = '/v2/models/sk/infer';
const ROWS = 20_000;
const VALUES = Array.from({ length: ROWS }, (_, i) => i % 7);
const BODY = JSON.stringify({ id: '1', inputs: [{ name: 'x', datatype: 'INT64', shape: [ROWS], data: VALUES }] });

interface Raw {
  readonly encoding: string | undefined;
  readonly length: number;
  readonly vary: string | undefined;
  readonly body: Buffer;
}

/** One request whose answer nobody decodes. */
function raw(port: number, accept: string | undefined, body = BODY): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: INFER, method: 'POST', agent: false, headers: accept === undefined ? {} : { 'accept-encoding': accept } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const { 'content-encoding': encoding, 'content-length': length, vary } = response.headers;
        resolve({ encoding, length: Number(length), vary, body: Buffer.concat(chunks) });
      });
    });
    asked.on('error', reject).end(body);
  });
}

test.each([['gzip', gunzipSync], ['deflate', inflateSync]] as const)('a large answer comes in %s where the client accepts that', async (encoding, decode) => {
  const { port } = await serveTensors(echoModel());
  const plain = await raw(port, undefined);
  const answer = await raw(port, encoding);
  expect(plain.encoding).toBeUndefined();
  expect(answer).toMatchObject({ encoding, vary: 'accept-encoding', length: answer.body.length });
  expect(decode(answer.body)).toEqual(plain.body);
  expect(answer.body.length).toBeLessThan(plain.body.length / 4);
});

test('small answers, answers of a server that was told not to, and bytes beyond the limit', async () => {
  const { port } = await serveTensors(echoModel());
  const small = JSON.stringify({ inputs: [{ name: 'x', datatype: 'INT64', shape: [1], data: [1] }] });
  expect((await raw(port, 'gzip', small)).encoding).toBeUndefined();
  expect((await raw((await serveTensors(echoModel(), { compressMinBytes: 0 })).port, 'gzip')).encoding).toBeUndefined();
  expect((await raw((await serveTensors(echoModel(), { compressMinBytes: 1 })).port, 'gzip', small)).encoding).toBe('gzip');
});

test.each<[string | undefined, string | undefined]>([
  [undefined, undefined], ['', undefined], ['identity', undefined], ['br, zstd', undefined], ['gzip;q=0', undefined], ['gzip;q=0, deflate', 'deflate'], ['gzip, deflate, br', 'gzip'],
  ['deflate, gzip', 'gzip'], ['deflate, gzip;q=0.5', 'deflate'], ['*', 'gzip'], ['GZIP ; Q=0.3', 'gzip'], ['gzip;q=x', undefined],
])('accept-encoding %j means %s', (header, encoding) => expect(acceptedEncoding(header)).toBe(encoding));

test.each([['gzip', 2, gunzipSync], ['deflate', 1, inflateSync]] as const)('gRPC in %s is answered in kind', async (encoding, algorithm, decode) => {
  const { port } = await serveTensors(echoModel());
  const message = encodeInferMessage('sk', { id: '1', inputs: [{ name: 'x', datatype: 'FP32', shape: [ROWS], data: Float32Array.from(VALUES) }] }, true);
  const client = connectGrpc(port, { 'grpc.default_compression_algorithm': algorithm });
  const inputs = [{ name: 'x', datatype: 'INT64', shape: [ROWS], contents: { int64_contents: VALUES } }];
  const answer = (await askGrpc(client, 'ModelInfer', { model_name: 'sk', inputs })) as { readonly outputs: readonly { readonly contents: { readonly int64_contents: readonly number[] } }[] };
  expect(answer.outputs[0]?.contents.int64_contents).toEqual(VALUES);
  const plain = await framesOf(port, frame(message), 'identity');
  const packed = await framesOf(port, frame(message), encoding);
  expect([plain.encoding, plain.bytes[0]]).toEqual([undefined, 0]);
  expect([packed.encoding, packed.bytes[0], packed.bytes.readUInt32BE(1)]).toEqual([encoding, 1, packed.bytes.length - 5]);
  expect(decode(packed.bytes.subarray(5))).toEqual(plain.bytes.subarray(5));
  const stream = await framesOf(port, frame(message), encoding, 'ModelStreamInfer');
  expect([stream.encoding, stream.bytes[0], decode(stream.bytes.subarray(5)).length]).toEqual([encoding, 1, expect.any(Number)]);
});

test('a small answer over gRPC stays as it is, whatever the request was', async () => {
  const { port } = await serveTensors(echoModel());
  const message = encodeInferMessage('sk', { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(1) }] }, true);
  const { bytes } = await framesOf(port, compressedFrame(gzipSync(message)), 'gzip');
  expect(bytes[0]).toBe(0);
});

function framesOf(port: number, body: Buffer, encoding: string, method = 'ModelInfer'): Promise<{ readonly encoding: unknown; readonly bytes: Buffer }> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const headers = { ':method': 'POST', ':path': `/inference.GRPCInferenceService/${method}`, 'content-type': 'application/grpc', te: 'trailers', 'grpc-encoding': encoding, 'grpc-accept-encoding': 'identity,deflate,gzip' };
  return new Promise((resolve, reject) => {
    const stream = session.request(headers);
    const chunks: Buffer[] = [];
    let said: unknown;
    stream.on('response', (got) => (said = got['grpc-encoding'])).on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
    stream.on('close', () => {
      session.close();
      resolve({ encoding: said, bytes: Buffer.concat(chunks) });
    });
    stream.end(body);
  });
}
