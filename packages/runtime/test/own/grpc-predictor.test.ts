import { type CustomModel, type RunningServer, createServer } from '../../src/index';
import { ask } from '../support/http';
import { echoModel } from '../support/echo-model';
import { runRuntime } from '../support/runtime-process';
import { serveTensors } from '../support/served';

const servers: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A transformer whose predictor is asked by gRPC; the predictor has the transformer's name. */
async function transformer(port: number, model: CustomModel = {}): Promise<number> {
  const server = await createServer({ models: { sk: { preprocess: (payload) => payload, ...model } }, predictor: { host: `127.0.0.1:${port}`, protocol: 'grpc-v2', healthCheck: true }, shutdownTimeoutSeconds: 1 });
  servers.push(server);
  return server.port;
}

test('a transformer asks its predictor by gRPC, whatever its own client speaks', async () => {
  const model = echoModel((inputs) => inputs.map((tensor) => ({ ...tensor, name: 'doubled', data: Float64Array.from(tensor.data as Float64Array, (value) => 2 * value) })));
  const { port } = await serveTensors(model);
  const own = await transformer(port);
  expect((await ask(own, '/v1/models/sk:predict', { body: '{"instances":[[1.5,2],[3,4]]}', headers: { 'x-request-id': 'r1', authorization: 'Bearer t', cookie: 'no' } })).json()).toEqual({ predictions: [[3, 4], [6, 8]] });
  expect(model.asked[0]?.context.headers).toMatchObject({ 'x-request-id': 'r1', authorization: 'Bearer t' });
  expect(model.asked[0]?.context.headers['cookie']).toBeUndefined();
  const infer = { inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 2], data: [1, 2] }] };
  expect((await ask(own, '/v2/models/sk/infer', { body: JSON.stringify(infer) })).json()).toMatchObject({ outputs: [{ name: 'doubled', shape: [1, 2], data: [2, 4] }] });
});

test('what the predictor refuses keeps its status and words; explanations have no gRPC', async () => {
  const { port } = await serveTensors(echoModel());
  const own = await transformer(port, { preprocess: () => ({ inputs: [{ name: 'x', datatype: 'FP32', shape: [3], data: Float32Array.of(1) }] }) });
  const refused = await ask(own, '/v1/models/sk:predict', { body: '{"instances":[1]}' });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('cannot reshape array of size 1 into shape (3)')]);
  expect((await ask(own, '/v1/models/sk:explain', { body: '{"instances":[1]}' })).status).toBe(501);
});

test('it is ready while its predictor is, and 502 or 503 when that is away', async () => {
  const predictor = await serveTensors(echoModel());
  const own = await transformer(predictor.port);
  expect((await ask(own, '/v2/models/sk/ready')).status).toBe(200);
  await predictor.close();
  expect((await ask(own, '/v2/models/sk/ready')).status).toBe(503);
  expect([502, 503]).toContain((await ask(own, '/v1/models/sk:predict', { body: '{"instances":[1]}' })).status);
});

test('the flag takes it, and names what it takes', async () => {
  const { port } = await serveTensors(echoModel());
  const runtime = runRuntime(['serve', `--model_module=/nowhere.mjs`, `--predictor_host=127.0.0.1:${port}`, '--predictor_protocol=grpc-v3']);
  expect(await runtime.exit).toBe(2);
  expect(runtime.stderr()).toContain(`--predictor_protocol must be v1 or v2 or grpc-v2, got "grpc-v3"`);
});
