import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { encodeInferMessage } from '../../src/client/grpc/infer-messages';
import { silentLog } from '../../src/process/log';
import { frame } from '../../src/server/grpc/frame-reader';
import { ANSWER, INFER, askGrpc, connectGrpc } from '../support/grpc';
import { echoModel } from '../support/echo-model';
import { serve, serveTensors } from '../support/served';
import { until } from '../../../../test/support/until';

const request = { model_name: 'sk', inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } }] };

/** A model that answers when it is let. */
function gated(): { readonly model: ReturnType<typeof echoModel>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { model: echoModel(async (inputs) => (await opened, inputs)), open: () => open() };
}

test('a call that is not answered in the client\'s time ends for the model, too', async () => {
  const { model } = gated();
  const client = connectGrpc((await serveTensors(model)).port);
  // Connected before, so that the time is the call's.
  await askGrpc(client, 'ServerLive', {});
  await expect(askGrpc(client, 'ModelInfer', request, { timeoutMs: 1000 })).rejects.toMatchObject({ code: 4 });
  await until('the signal', () => model.asked[0]?.context.signal?.aborted === true);
  expect(await askGrpc(client, 'ServerLive', {})).toEqual({ live: true });
});

test('the server\'s own limit is DEADLINE_EXCEEDED with its milliseconds', async () => {
  const { model } = gated();
  const client = connectGrpc((await serveTensors(model, { requestTimeoutSeconds: 0.05 })).port);
  await expect(askGrpc(client, 'ModelInfer', request)).rejects.toMatchObject({ code: 4, details: 'The request was not answered within its 50 ms.' });
});

test('a stream that the client cancels ends its model\'s work, and only that', async () => {
  const { model, open } = gated();
  const client = connectGrpc((await serveTensors(model)).port);
  const other = askGrpc(client, 'ModelInfer', request);
  await until('the first call', () => model.asked.length === 1);
  const stream = client.ModelStreamInfer();
  const failed = new Promise((resolve) => stream.on('error', resolve));
  stream.on('data', () => {});
  stream.write(request as never);
  await until('the second call', () => model.asked.length === 2);
  stream.cancel();
  expect(await failed).toMatchObject({ code: 1 });
  await until('the signal', () => model.asked[1]?.context.signal?.aborted === true);
  expect(model.asked[0]?.context.signal?.aborted).toBe(false);
  open();
  expect(await other).toMatchObject({ outputs: [{ contents: { fp32_contents: [1] } }] });
});

test('more calls than may wait are UNAVAILABLE', async () => {
  const { model, open } = gated();
  const client = connectGrpc((await serveTensors(model, { queue: { concurrency: 1, limit: 0 } })).port);
  const first = askGrpc(client, 'ModelInfer', request);
  await until('the first call', () => model.asked.length === 1);
  await expect(askGrpc(client, 'ModelInfer', request)).rejects.toMatchObject({ code: 14 });
  open();
  await first;
});

test('a defect of a model is INTERNAL and says nothing', async () => {
  const lines: string[] = [];
  const model = echoModel(() => { throw new Error('password is 123'); });
  const client = connectGrpc((await serveTensors(model, { log: { ...silentLog, error: (line) => lines.push(line) } })).port);
  await expect(askGrpc(client, 'ModelInfer', request)).rejects.toMatchObject({ code: 13, details: 'Internal server error' });
  expect(lines).toHaveLength(1);
});

test('a call that runs when the server stops is answered', async () => {
  const { model, open } = gated();
  const server = await serveTensors(model, { shutdownTimeoutSeconds: 30 });
  const client = connectGrpc(server.port);
  const running = askGrpc(client, 'ModelInfer', request);
  await until('the call', () => model.asked.length === 1);
  const closed = server.close();
  open();
  expect(await running).toMatchObject({ outputs: [{ name: 'x' }] });
  expect(await closed).toBe(0);
});

test('a call that is half sent when the server stops is answered', async () => {
  const model = echoModel();
  const server = await serveTensors(model, { shutdownTimeoutSeconds: 30 });
  const session = connectHttp2(`http://127.0.0.1:${server.port}`);
  const stream = session.request({ ':method': 'POST', ':path': '/inference.GRPCInferenceService/ModelInfer', 'content-type': 'application/grpc', te: 'trailers' });
  const ended = new Promise<unknown>((resolve) => stream.on('trailers', (trailers) => resolve(trailers['grpc-status'])).on('response', (headers) => headers['grpc-status'] && resolve(headers['grpc-status'])));
  stream.resume();
  const message = frame(encodeInferMessage('sk', { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(1) }] }, true));
  stream.write(message.subarray(0, -4));
  await once(session, 'connect');
  // The server has the first half once it answers what came after it.
  await new Promise((resolve) => session.ping(resolve));
  const goneAway = once(session, 'goaway');
  const closed = server.close();
  await goneAway;
  stream.end(message.subarray(-4));
  expect(await ended).toBe('0');
  expect(await closed).toBe(0);
});

test('a call that does not end is cut with the shutdown timeout, and counted', async () => {
  const { model } = gated();
  const server = await serveTensors(model, { shutdownTimeoutSeconds: 0.1 });
  const running = askGrpc(connectGrpc(server.port), 'ModelInfer', request);
  running.catch(() => {});
  await until('the call', () => model.asked.length === 1);
  expect(await server.close()).toBe(1);
  await expect(running).rejects.toMatchObject({ code: 14 });
});

test('a model is listed, unloaded and loaded, by Triton\'s field and by KServe\'s', async () => {
  const client = connectGrpc((await serve({ repositoryApi: true })).port);
  const index = (state: string, reason?: string): object => ({ models: [{ name: 'sk', state, ...(reason ? { reason } : {}) }] });
  expect(await askGrpc(client, 'RepositoryIndex', {})).toEqual(index('READY'));
  expect(await askGrpc(client, 'RepositoryModelUnload', { model_name: 'sk' })).toEqual({ model_name: 'sk', isUnloaded: true });
  expect(await askGrpc(client, 'RepositoryIndex', {})).toEqual(index('UNAVAILABLE', 'unloaded'));
  expect(await askGrpc(client, 'RepositoryIndex', { ready: true })).toEqual({});
  await expect(askGrpc(client, 'ModelInfer', INFER)).rejects.toMatchObject({ code: 14 });
  await expect(askGrpc(client, 'ModelReady', { name: 'sk' })).rejects.toMatchObject({ code: 14 });
  // A model that was unloaded on purpose does not take the server out of its load.
  expect(await askGrpc(client, 'ServerReady', {})).toEqual({ ready: true });
  // KServe has the model's name in field 1.
  expect(await askGrpc(client, 'RepositoryModelLoad', { repository_name: 'sk' })).toEqual({ model_name: 'sk', isLoaded: true });
  expect(await askGrpc(client, 'ModelInfer', INFER)).toMatchObject(ANSWER);
  await expect(askGrpc(client, 'RepositoryModelLoad', { model_name: 'nope' })).rejects.toMatchObject({ code: 5 });
});

test('an answer over the limit is RESOURCE_EXHAUSTED', async () => {
  const client = connectGrpc((await serve({ grpc: { maxSendBytes: 10 } })).port);
  await expect(askGrpc(client, 'ModelInfer', INFER)).rejects.toMatchObject({ code: 8, details: expect.stringMatching(/Sent message larger than max \(\d+ vs\. 10\)/) });
});
