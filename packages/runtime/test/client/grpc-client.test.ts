import { createServer as createNetServer } from 'node:net';
import { type ServerHttp2Stream, createServer } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { selfSignedCertificate } from '../../../local/src/apiserver/tls/self-signed-certificate';
import { InferenceClient, type InferenceClientOptions, type InferenceError, type Tensor } from '../../src/client/index';
import { echoModel } from '../support/echo-model';
import { serve, serveTensors } from '../support/served';
import { tempFolder } from '../support/temp-folder';
import { until } from '../../../../test/support/until';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

function clientOf(port: number, options: Partial<InferenceClientOptions> = {}): InferenceClient {
  const client = new InferenceClient({ url: `grpc://127.0.0.1:${port}`, backoffMs: 1, ...options });
  closing.push(() => client.close());
  return client;
}

/** A server of HTTP/2 that does with calls what it is told. */
async function http2Server(answer: (stream: ServerHttp2Stream, count: number) => void): Promise<{ readonly port: number; readonly asked: () => number }> {
  let count = 0;
  const server = createServer().on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => {});
    answer(stream, ++count);
  });
  server.on('session', (session) => closing.push(() => session.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, asked: () => count };
}

const trailersOnly = (stream: ServerHttp2Stream, headers: object): void => stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers }, { endStream: true });
const errorOf = (promise: Promise<unknown>): Promise<InferenceError> => promise.then(() => { throw new Error('no error'); }, (error: unknown) => error as InferenceError);
const x: Tensor = { name: 'x', datatype: 'FP32', shape: [2], data: Float32Array.of(1, 2) };

test.each([true, false])('infers, and reads metadata and readiness (binary: %p)', async (binary) => {
  const { port } = await serve();
  const client = clientOf(port, { binary });
  const answer = await client.infer('sk', { id: 'a', inputs: [{ name: 'input-0', datatype: 'FP64', shape: [2, 4], data: Float64Array.of(1, 2, 3, 4, 1, 1, 1, 1) }] });
  expect(answer).toMatchObject({ modelName: 'sk', id: 'a', outputs: [{ name: 'output-0', datatype: 'INT64', shape: [2], data: BigInt64Array.of(10n, 4n) }] });
  expect(await client.metadata('sk')).toEqual({ name: 'sk', versions: ['1'], platform: 'fake', inputs: [{ name: 'input-0', datatype: 'FP64', shape: [-1, 4] }], outputs: [{ name: 'output-0', datatype: 'INT64', shape: [-1] }] });
  expect(await Promise.all([client.ready(), client.ready('sk'), client.ready('other')])).toEqual([true, true, false]);
});

test.each([true, false])('every kind of tensor comes back as it went (binary: %p)', async (binary) => {
  const { port } = await serveTensors(echoModel());
  const inputs: Tensor[] = [
    { name: 'b', datatype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) },
    { name: 'i', datatype: 'INT64', shape: [1, 1], data: BigInt64Array.of(-(2n ** 60n) - 1n) },
    { name: 'f', datatype: 'FP64', shape: [0], data: new Float64Array(0) },
    { name: 't', datatype: 'BYTES', shape: [2], data: ['ü', ''] },
    { name: 'y', datatype: 'BYTES', shape: [1], data: [Buffer.from([0xff])] },
    ...(binary ? [{ name: 'h', datatype: 'FP16', shape: [1], data: Uint16Array.of(0x3c00) } as const] : []),
  ];
  const { outputs } = await clientOf(port, { binary }).infer('sk', { inputs });
  expect(outputs.map(({ name, datatype, shape, data }) => ({ name, datatype, shape, data }))).toEqual(inputs);
});

test('the request\'s parameters, outputs, headers and token arrive', async () => {
  const model = echoModel();
  const { port } = await serveTensors(model);
  await clientOf(port, { token: 'secret', headers: { 'x-team': 'a' } }).infer('sk', { inputs: [x], outputs: ['x'], parameters: { n: 1, f: 0.5, b: true, s: 't' } }, { headers: { 'x-request-id': 'r' } });
  expect(model.asked[0]?.context).toMatchObject({ outputs: ['x'], parameters: { n: 1, f: 0.5, b: true, s: 't' }, headers: { authorization: 'Bearer secret', 'x-team': 'a', 'x-request-id': 'r' } });
});

test('a refusal has the server\'s words and the HTTP status that says the same', async () => {
  const { port } = await serve();
  const client = clientOf(port);
  const error = await errorOf(client.infer('nope', { inputs: [x] }));
  expect([error.code, error.status, error.message]).toEqual(['ISVC_CLIENT_REFUSED', 404, expect.stringContaining('Model with name nope does not exist.')]);
  expect((await errorOf(client.infer('sk', { inputs: [x] }))).status).toBe(400);
  await expect(client.predict('sk', [[1]])).rejects.toThrow(/speaks gRPC/);
});

test('a full queue is asked again when it says, an UNAVAILABLE without a time is not', async () => {
  const busy = await http2Server((stream, count) => trailersOnly(stream, count < 3 ? { 'grpc-status': '14', 'grpc-retry-pushback-ms': '0' } : { 'grpc-status': '5', 'grpc-message': 'gone%20%C3%BC' }));
  expect((await errorOf(clientOf(busy.port).infer('m', { inputs: [x] }))).message).toContain('gone ü');
  expect(busy.asked()).toBe(3);
  const broken = await http2Server((stream) => trailersOnly(stream, { 'grpc-status': '14' }));
  expect(await errorOf(clientOf(broken.port).infer('m', { inputs: [x] }))).toMatchObject({ code: 'ISVC_CLIENT_UNAVAILABLE', status: 503 });
  expect(broken.asked()).toBe(1);
});

test('our server says when to come back', async () => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const model = echoModel(async (inputs) => (await opened, inputs));
  const { port } = await serveTensors(model, { queue: { concurrency: 1, limit: 0 } });
  const first = clientOf(port).infer('sk', { inputs: [x] });
  await until('the first call', () => model.asked.length === 1);
  expect(await errorOf(clientOf(port, { retries: 0 }).infer('sk', { inputs: [x] }))).toMatchObject({ code: 'ISVC_CLIENT_UNAVAILABLE', safeToRetry: true, retryAfterMs: 1000 });
  open();
  await first;
});

test('a stream that the server refused is sent again, one that was cut is not', async () => {
  const refusing = await http2Server((stream) => stream.close(7));
  expect((await errorOf(clientOf(refusing.port, { retries: 2 }).infer('m', { inputs: [x] }))).code).toBe('ISVC_CLIENT_UNAVAILABLE');
  expect(refusing.asked()).toBe(3);
  const cutting = await http2Server((stream) => stream.session?.destroy());
  expect((await errorOf(clientOf(cutting.port).infer('m', { inputs: [x] }))).code).toBe('ISVC_CLIENT_UNAVAILABLE');
  expect(cutting.asked()).toBe(1);
});

test('time and the caller\'s patience end a call, and the server hears of both', async () => {
  const model = echoModel(() => new Promise(() => {}));
  const { port } = await serveTensors(model);
  const client = clientOf(port);
  await client.ready();
  expect((await errorOf(client.infer('sk', { inputs: [x] }, { timeoutMs: 1000 }))).code).toBe('ISVC_CLIENT_TIMEOUT');
  const controller = new AbortController();
  const outcome = expect(client.infer('sk', { inputs: [x] }, { signal: controller.signal })).rejects.toBe('enough');
  await until('the call', () => model.asked.length === 2);
  controller.abort('enough');
  await outcome;
  await until('both signals', () => model.asked.every(({ context }) => context.signal?.aborted));
});

test('a server that was replaced is connected again', async () => {
  const first = await serve();
  const client = clientOf(first.port, { retries: 5, backoffMs: 50 });
  expect(await client.ready('sk')).toBe(true);
  await first.close();
  expect(await client.ready('sk')).toBe(false);
  const second = await serve({ port: first.port });
  expect(second.port).toBe(first.port);
  expect(await client.ready('sk')).toBe(true);
});

test('whoever does not speak gRPC is named as such', async () => {
  const silent = await http2Server((stream) => stream.respond({ ':status': 200 }, { endStream: true }));
  expect((await errorOf(clientOf(silent.port).infer('m', { inputs: [x] }))).code).toBe('ISVC_CLIENT_BAD_ANSWER');
  const nonsense = await http2Server((stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' })).end(Buffer.from([0, 0, 0, 0, 2, 0x2a, 0x7f]));
  });
  expect((await errorOf(clientOf(nonsense.port).infer('m', { inputs: [x] }))).code).toBe('ISVC_CLIENT_BAD_ANSWER');
  const gateway = await http2Server((stream) => stream.respond({ ':status': 503 }, { endStream: true }));
  expect(await errorOf(clientOf(gateway.port).infer('m', { inputs: [x] }))).toMatchObject({ code: 'ISVC_CLIENT_UNAVAILABLE', status: 503 });
  const http1 = createNetServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
  await once(http1, 'listening');
  closing.push(() => http1.close());
  expect((await errorOf(clientOf((http1.address() as AddressInfo).port).infer('m', { inputs: [x] }))).code).toBe('ISVC_CLIENT_UNAVAILABLE');
});

test('grpcs: trusts the authorities it is given', async () => {
  const { certificate, privateKey } = selfSignedCertificate(new Date());
  const folder = tempFolder({ 'tls.crt': certificate, 'tls.key': privateKey });
  const { port } = await serve({ tls: { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') } });
  const url = `grpcs://127.0.0.1:${port}`;
  expect(await clientOf(port, { url, ca: certificate }).ready('sk')).toBe(true);
  expect(await clientOf(port, { url, retries: 0 }).ready('sk')).toBe(false);
});
