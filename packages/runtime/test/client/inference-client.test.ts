import { createServer } from 'node:net';
import { once } from 'node:events';
import { InferenceClient, type InferenceClientOptions, InferenceError } from '../../src/client/index';
import { faultServer, json } from '../support/fault-server';
import { serve } from '../support/served';
import { until } from '../../../../test/support/until';

const clients: InferenceClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.close()));

function clientOf(url: string, options: Partial<InferenceClientOptions> = {}): InferenceClient {
  const client = new InferenceClient({ url, backoffMs: 1, ...options });
  clients.push(client);
  return client;
}

async function errorOf(promise: Promise<unknown>): Promise<Pick<InferenceError, 'code' | 'status'> & { readonly message: string }> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof InferenceError)) throw new Error(`expected an InferenceError, got ${String(error)}`);
  return error;
}

describe('against our server', () => {
  test('predicts by V1, infers by V2, and reads metadata and readiness', async () => {
    const { port } = await serve();
    const client = clientOf(`http://127.0.0.1:${port}`, { binary: false });
    expect(await client.predict('sk', [[1, 2, 3, 4], [1, 1, 1, 1]])).toEqual({ predictions: [10, 4] });
    const answer = await client.infer('sk', { id: 'a', inputs: [{ name: 'input-0', datatype: 'FP64', shape: [2, 4], data: Float64Array.of(1, 2, 3, 4, 1, 1, 1, 1) }] });
    expect(answer).toMatchObject({ modelName: 'sk', id: 'a', outputs: [{ name: 'output-0', datatype: 'INT64', shape: [2], data: BigInt64Array.of(10n, 4n) }] });
    expect((await client.metadata('sk')).inputs).toEqual([{ name: 'input-0', datatype: 'FP64', shape: [-1, 4] }]);
    expect(await Promise.all([client.ready(), client.ready('sk'), client.ready('other')])).toEqual([true, true, false]);
  });

  test('a refusal is a typed error with the words of the server, and is not sent again', async () => {
    const { port, model } = await serve();
    const error = await errorOf(clientOf(`http://127.0.0.1:${port}`).predict('sk', [[1, 2]]));
    expect([error.code, error.status]).toEqual(['ISVC_CLIENT_REFUSED', 400]);
    expect(error.message).toContain('the input has 2 columns');
    expect(model.asked).toHaveLength(1);
  });
});

describe('against servers that fail', () => {
  test('503 with Retry-After is tried again, 503 without and 500 are not', async () => {
    const busy = await faultServer((response, count) => (count < 3 ? json(response, 503, { error: 'busy' }, { 'retry-after': '0' }) : json(response, 200, { predictions: [1] })));
    expect(await clientOf(busy.url).predict('m', [[1]])).toEqual({ predictions: [1] });
    expect(busy.asked).toHaveLength(3);
    for (const status of [500, 503]) {
      const broken = await faultServer((response) => json(response, status, { error: 'no' }));
      expect((await errorOf(clientOf(broken.url).predict('m', [[1]]))).status).toBe(status);
      expect(broken.asked).toHaveLength(1);
    }
  });

  test('retries end, and a pause that the deadline does not allow is not begun', async () => {
    const busy = await faultServer((response) => json(response, 503, { error: 'busy' }, { 'retry-after': '0' }));
    expect((await errorOf(clientOf(busy.url, { retries: 3 }).predict('m', []))).code).toBe('ISVC_CLIENT_UNAVAILABLE');
    expect(busy.asked).toHaveLength(4);
    const later = await faultServer((response) => json(response, 503, { error: 'busy' }, { 'retry-after': '60' }));
    expect((await errorOf(clientOf(later.url, { timeoutMs: 5000 }).predict('m', []))).status).toBe(503);
    expect(later.asked).toHaveLength(1);
  });

  test('a connection that is refused each time is named as the cause', async () => {
    const placeholder = createServer().listen(0, '127.0.0.1');
    await once(placeholder, 'listening');
    const { port } = placeholder.address() as { port: number };
    placeholder.close();
    const error = await errorOf(clientOf(`http://127.0.0.1:${port}`, { retries: 1 }).predict('m', []));
    expect([error.code, error.status]).toEqual(['ISVC_CLIENT_UNAVAILABLE', undefined]);
    expect(error.message).toContain('ECONNREFUSED');
  });

  test('a connection cut in the middle of a fresh exchange is not sent again', async () => {
    const cut = await faultServer((response) => response.socket?.destroy());
    expect((await errorOf(clientOf(cut.url).predict('m', []))).code).toBe('ISVC_CLIENT_UNAVAILABLE');
    expect(cut.asked).toHaveLength(1);
  });

  test('time is bounded over all retries, the server is told how much is left, and the caller may give up', async () => {
    const silent = await faultServer(() => {});
    const error = await errorOf(clientOf(silent.url, { timeoutMs: 1000 }).predict('m', []));
    expect(error.code).toBe('ISVC_CLIENT_TIMEOUT');
    expect(Number(silent.asked[0]?.headers['x-request-timeout-ms'])).toBeLessThanOrEqual(1000);
    const controller = new AbortController();
    const pending = clientOf(silent.url).predict('m', [], { signal: controller.signal });
    const outcome = expect(pending).rejects.toBe('enough');
    await until('the request: sent', () => silent.asked.length === 2);
    controller.abort('enough');
    await outcome;
  });

  test.each([
    ['not JSON', 'oops'], ['no outputs', '{"model_name":"m"}'], ['wrong size', '{"model_name":"m","outputs":[{"name":"o","datatype":"FP32","shape":[2],"data":[1]}]}'],
    ['a list', '[]'], ['unknown datatype', '{"model_name":"m","outputs":[{"name":"o","datatype":"FP99","shape":[1],"data":[1]}]}'],
  ])('nonsense is named as such: %s', async (_what, text) => {
    const server = await faultServer((response) => void response.end(text));
    const error = await errorOf(clientOf(server.url).infer('m', { inputs: [] }));
    expect(error.code).toBe('ISVC_CLIENT_BAD_ANSWER');
  });
});

test('sends token, host and headers; a token function is asked each time', async () => {
  const server = await faultServer((response) => json(response, 200, { predictions: [] }));
  let turn = 0;
  const client = clientOf(`${server.url}/prefix`, { host: 'iris.example.com', token: () => `t${++turn}`, headers: { 'x-team': 'a' } });
  await client.predict('m/1', [], { headers: { 'x-request-id': 'r' } });
  await client.predict('m/1', []);
  expect(server.asked[0]).toMatchObject({ url: '/prefix/v1/models/m%2F1:predict', headers: { host: 'iris.example.com', authorization: 'Bearer t1', 'x-team': 'a', 'x-request-id': 'r' } });
  expect(server.asked[1]?.headers.authorization).toBe('Bearer t2');
});

test('binary requests carry the tensors behind the JSON, in its order', async () => {
  const server = await faultServer((response) => {
    const head = Buffer.from(JSON.stringify({ model_name: 'm', id: 'x', outputs: [{ name: 'o', datatype: 'INT64', shape: [1], parameters: { binary_data_size: 8 } }, { name: 'p', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: 11 } }] }));
    const tail = Buffer.from('0500000000002000020000004142010000005a', 'hex');
    response.writeHead(200, { 'inference-header-content-length': String(head.length) }).end(Buffer.concat([head, tail]));
  });
  const answer = await clientOf(server.url, { binary: true }).infer('m', { inputs: [
    { name: 'a', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(1, -2) },
    { name: 'b', datatype: 'BYTES', shape: [2], data: ['é', 'z'] },
    { name: 'c', datatype: 'INT64', shape: [1], data: Float64Array.of(7) },
  ] });
  const sent = server.asked[0];
  const end = Number(sent?.headers['inference-header-content-length']);
  expect(JSON.parse(sent?.body.toString('utf8', 0, end) ?? '')).toEqual({
    parameters: { binary_data_output: true },
    inputs: [
      { name: 'a', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } },
      { name: 'b', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: 11 } },
      { name: 'c', datatype: 'INT64', shape: [1], parameters: { binary_data_size: 8 } },
    ],
  });
  expect(sent?.body.subarray(end).toString('hex')).toBe('0000803f000000c0' + '02000000c3a9' + '010000007a' + '0700000000000000');
  expect(answer.outputs).toEqual([
    { name: 'o', datatype: 'INT64', shape: [1], data: BigInt64Array.of(9007199254740997n) },
    { name: 'p', datatype: 'BYTES', shape: [2], data: ['AB', 'Z'] },
  ]);
});

test('numbers that JSON would round are refused, not rounded', async () => {
  const client = clientOf('http://127.0.0.1:9', { binary: false });
  await expect(client.infer('m', { inputs: [{ name: 'a', datatype: 'INT64', shape: [1], data: BigInt64Array.of(2n ** 60n + 1n) }] })).rejects.toThrow(/JSON would round/);
  expect(() => new InferenceClient({ url: 'iris' })).toThrow(/no address of a model server/);
});
