import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContentTypes } from '../../src/model/content-types';
import { findModels } from '../../src/model/layouts/find-models';
import { ModelRepository } from '../../src/model/model-repository';
import { openRepository } from '../../src/model/open-repository';
import { createServedModel } from '../../src/server/served-model';
import { startServer } from '../../src/server/start-server';
import { askGrpc, connectGrpc } from '../support/grpc';
import { type EchoModel, echoModel } from '../support/echo-model';
import { fakeModel } from '../support/fake-model';
import { ask } from '../support/http';
import { serve, serveTensors } from '../support/served';
import { tempFolder } from '../support/temp-folder';

const INFER = '/v2/models/sk/infer';
const texts = (data: unknown, more: object = {}): string => JSON.stringify({ inputs: [{ name: 't', datatype: 'BYTES', shape: [2], parameters: { content_type: 'base64', unit: 'px' }, data }], ...more });

async function asked(body: string): Promise<{ readonly status: number; readonly text: string; readonly model: EchoModel }> {
  const model = echoModel();
  const { port } = await serveTensors(model);
  return { ...(await ask(port, INFER, { body })), model };
}

test.each<[string, unknown]>([['flat', ['w7w=', '']], ['nested', [['w7w='], ['']]]])('base64 elements reach the model decoded (%s)', async (_, data) => {
  const { model, text } = await asked(texts(data));
  expect(model.asked[0]?.inputs[0]).toEqual({ name: 't', datatype: 'BYTES', shape: [2], data: ['ü', ''], parameters: { unit: 'px' } });
  expect(JSON.parse(text)).toMatchObject({ outputs: [{ data: ['ü', ''] }] });
});

test('bytes that are no text come back in base64, and their parameter says so', async () => {
  const { model, text } = await asked(texts(['/w==', 'QQ==']));
  expect(model.asked[0]?.inputs[0]?.data).toEqual([Buffer.from([0xff]), Buffer.from('A')]);
  expect(JSON.parse(text)).toMatchObject({ outputs: [{ parameters: { unit: 'px', content_type: 'base64' }, data: ['/w==', 'QQ=='] }] });
});

test.each<[string, unknown, string]>([
  ['no groups of four', ['abc', ''], 'element 0 of input \'t\' is not base64'], ['another alphabet', ['QQ==', 'a-b_'], 'element 1'],
  ['a number', [1, 'QQ=='], 'element 0'], ['a null', [null, null], 'element 0'],
])('%s is 400', async (_, data, error) => {
  const { status, text, model } = await asked(texts(data));
  expect([status, text]).toEqual([400, expect.stringContaining(error)]);
  expect(model.asked).toEqual([]);
});

test('base64 of numbers is 400', async () => {
  const { status, text } = await asked(JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1], parameters: { content_type: 'base64' }, data: [1] }] }));
  expect([status, text]).toEqual([400, expect.stringContaining('expected BYTES')]);
});

const INFER_ECHO = { model_name: 'sk', inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } }] };

test('gRPC follows the same hints', async () => {
  const model = echoModel();
  const client = connectGrpc((await serveTensors(model)).port);
  await askGrpc(client, 'ModelInfer', { model_name: 'sk', inputs: [{ name: 't', datatype: 'BYTES', shape: [1], parameters: { content_type: { string_param: 'base64' } }, contents: { bytes_contents: [Buffer.from('w7w=')] } }] });
  expect(model.asked[0]?.inputs[0]?.data).toEqual(['ü']);
});

test('hints that say what is so anyway, and unknown ones, change nothing', async () => {
  const { port } = await serve();
  for (const content_type of ['np', 'str', 'hf_image']) {
    const body = JSON.stringify({ parameters: { content_type }, inputs: [{ name: 'input-0', datatype: 'FP64', shape: [1, 4], parameters: { content_type }, data: [1, 2, 3, 4] }] });
    expect((await ask(port, INFER, { body })).json()).toMatchObject({ outputs: [{ data: [10] }] });
  }
});

async function serveWith(contentTypes: ContentTypes): Promise<number> {
  const repository = ModelRepository.of([{ ...createServedModel('sk', fakeModel({ features: 2, featureNames: ['a', 'b'] })), contentTypes }]);
  const server = await startServer({ modelName: 'sk', repository, shutdownTimeoutSeconds: 1 });
  afterThis.push(() => server.close());
  return server.port;
}
const afterThis: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(afterThis.splice(0).map((close) => close()));
});

test('what the model\'s settings say holds until a request says otherwise', async () => {
  const port = await serveWith({ request: 'pd', inputs: new Map(), outputs: new Map() });
  const inputs = [{ name: 'a', datatype: 'FP64', shape: [2], data: [1, 2] }];
  const refusal = async (more: object): Promise<string> => (await ask(port, INFER, { body: JSON.stringify({ inputs, ...more }) })).text;
  // A list is a column by the settings, and by itself nothing that a model of two features takes.
  expect(await refusal({})).toContain('the request lacks the column \\"b\\"');
  expect(await refusal({ parameters: { content_type: 'np' } })).toContain('Expected 2D array, got 1D array instead');
});

test('model-settings.json gives them', async () => {
  const settings = { parameters: { content_type: 'pd' }, inputs: [{ name: 't', datatype: 'BYTES', shape: [-1], parameters: { content_type: 'base64' } }, { name: 'plain', datatype: 'FP32', shape: [-1] }, 7], outputs: [{ name: 'o', parameters: { content_type: 'base64' } }] };
  const root = tempFolder({ 'model-settings.json': JSON.stringify(settings), 'model.joblib': '' });
  const [model] = (await findModels(root, 'sk')).models;
  expect(model).toMatchObject({ name: 'sk', path: root, contentTypes: { request: 'pd', inputs: new Map([['t', 'base64']]), outputs: new Map([['o', 'base64']]) } });
  const bad = tempFolder({ 'model-settings.json': JSON.stringify({ parameters: { content_type: 7 } }), 'model.joblib': '' });
  expect((await findModels(bad, 'sk')).models[0]?.problem?.code).toBe('ISVC_MODEL_CORRUPT');
});

test('moments that are none, and JSON that is none or no cell, are 400', async () => {
  const { port } = await serve({ model: fakeModel({ features: 1 }) });
  const refusal = async (content_type: string, value: unknown, datatype = 'BYTES'): Promise<readonly [number, string]> => {
    const body = JSON.stringify({ inputs: [{ name: 'x', datatype, shape: [1, 1], parameters: { content_type }, data: [value] }] });
    const { status, text } = await ask(port, INFER, { body });
    return [status, text];
  };
  expect(await refusal('datetime', '2023-02-29')).toEqual([400, expect.stringContaining('element 0 of input \'x\' is not a date and time')]);
  expect(await refusal('datetime', 5)).toEqual([400, expect.stringContaining('it is no text')]);
  expect(await refusal('datetime', 5, 'INT64')).toEqual([400, expect.stringContaining('expected BYTES')]);
  expect(await refusal('pd_json', '{')).toEqual([400, expect.stringContaining('element 0 of input \'x\' is not JSON')]);
  expect(await refusal('pd_json', '[1]')).toEqual([400, expect.stringContaining('neither all numbers nor all text')]);
  expect((await refusal('pd_json', '4'))[0]).toBe(200);
});

test('numbers that are asked for as text are 400, and over gRPC an asked type is said', async () => {
  const { port } = await serve();
  const inputs = [{ name: 'input-0', datatype: 'FP64', shape: [1, 4], data: [1, 2, 3, 4] }];
  const { status, text } = await ask(port, INFER, { body: JSON.stringify({ inputs, outputs: [{ name: 'output-0', parameters: { content_type: 'base64' } }] }) });
  expect([status, text]).toEqual([400, expect.stringContaining('cannot be sent as base64')]);
  const client = connectGrpc((await serveTensors(echoModel())).port);
  const answer = await askGrpc(client, 'ModelInfer', {
    model_name: 'sk', outputs: [{ name: 't', parameters: { content_type: { string_param: 'datetime' } } }],
    inputs: [{ name: 't', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [Buffer.from('2024-05-01T00:00:00')] } }],
  });
  expect(answer).toMatchObject({ outputs: [{ parameters: { content_type: { string_param: 'datetime' } } }] });
});

test.each<[string, object]>([
  ['typed', { inputs: [{ name: 't', datatype: 'BYTES', shape: [2], contents: { bytes_contents: [Buffer.from('ü'), Buffer.from([0xff])] } }] }],
  ['raw', { inputs: [{ name: 't', datatype: 'BYTES', shape: [2] }], raw_input_contents: [Buffer.from('02000000c3bc01000000ff', 'hex')] }],
])('gRPC sends the bytes of base64 text to whoever asks for it, as MLServer does (%s)', async (_, message) => {
  const client = connectGrpc((await serveTensors(echoModel())).port);
  const answer = await askGrpc(client, 'ModelInfer', { model_name: 'sk', ...message, outputs: [{ name: 't', parameters: { content_type: { string_param: 'base64' } } }] });
  const [{ parameters, contents }] = (answer as { readonly outputs: [{ readonly parameters: object; readonly contents?: { readonly bytes_contents: readonly Buffer[] } }] }).outputs;
  expect(parameters).toMatchObject({ content_type: { string_param: 'base64' } });
  const sent = contents?.bytes_contents.map(String) ?? String((answer as { readonly raw_output_contents: readonly Buffer[] }).raw_output_contents[0]);
  expect(sent).toEqual(contents ? ['w7w=', '/w=='] : '\x04\0\0\0w7w=\x04\0\0\0/w==');
  await expect(askGrpc(client, 'ModelInfer', { ...INFER_ECHO, outputs: [{ name: 'x', parameters: { content_type: { string_param: 'base64' } } }] })).rejects.toThrow('cannot be sent as base64');
});

test('binary outputs of REST are the bytes of base64 text, too', async () => {
  const { port } = await serveTensors(echoModel());
  const { headers, text } = await ask(port, INFER, { body: JSON.stringify({ inputs: [{ name: 't', datatype: 'BYTES', shape: [1], data: ['ü'] }], outputs: [{ name: 't', parameters: { binary_data: true, content_type: 'base64' } }] }) });
  const length = Number(headers.get('inference-header-content-length'));
  expect(JSON.parse(text.slice(0, length))).toMatchObject({ outputs: [{ parameters: { content_type: 'base64', binary_data_size: 8 } }] });
  expect(text.slice(length)).toBe('\x04\0\0\0w7w=');
});

test.each<[object, object]>([
  [{ parameters: { extra: { predict_fn: 'predict_proba' } } }, { method: 'predict_proba' }],
  [{ max_batch_size: 8, max_batch_time: 0.25 }, { batch: { maxBatchSize: 8, maxLatencyMs: 250 } }],
  [{ max_batch_size: 8 }, {}], [{ implementation: 'mlserver_mlflow.MLflowRuntime', cache_enabled: true, parallel_workers: 2, later: 1 }, {}],
])('model-settings.json %j is honoured', async (settings, expected) => {
  const root = tempFolder({ 'model-settings.json': JSON.stringify(settings), 'model.joblib': '' });
  expect((await findModels(root, 'sk')).models).toEqual([{ name: 'sk', path: root, ...expected }]);
});

test.each<[object, string, string]>([
  [{ implementation: 'models.MyModel' }, 'ISVC_MODEL_UNSUPPORTED', 'implementation is "models.MyModel"'],
  [{ implementation: 'mlserver_huggingface.HuggingFaceRuntime' }, 'ISVC_MODEL_UNSUPPORTED', 'implementation is "mlserver_huggingface'],
  [{ parameters: { extra: { predict_fn: 'score' } } }, 'ISVC_MODEL_UNSUPPORTED', 'predict_fn is "score"'],
  [{ max_batch_size: 'many' }, 'ISVC_MODEL_CORRUPT', 'max_batch_size is "many"'], [{ max_batch_time: -1 }, 'ISVC_MODEL_CORRUPT', 'max_batch_time is -1'],
  [{ paramters: {} }, 'ISVC_MODEL_CORRUPT', 'did you mean "parameters"'],
])('model-settings.json %j is refused by the field\'s name', async (settings, code, text) => {
  const root = tempFolder({ 'model-settings.json': JSON.stringify(settings), 'model.joblib': '' });
  const problem = (await findModels(root, 'sk')).models[0]?.problem;
  expect([problem?.code, problem?.message]).toEqual([code, expect.stringContaining(text)]);
});

test('a method that settings ask for and the model does not have is refused, one that it has is used', async () => {
  const folder = (method: string): string => {
    const root = tempFolder({ 'model-settings.json': JSON.stringify({ name: 'm', parameters: { uri: 'model.joblib', extra: { predict_fn: method } } }) });
    copyFileSync(join(__dirname, '../fixtures/mlserver/table.joblib'), join(root, 'model.joblib'));
    return root;
  };
  const open = (root: string): Promise<ModelRepository> => openRepository(root, 'm', (name, model, version, own) => createServedModel(name, model, { version, method: own?.method }));
  await expect(open(folder('transform'))).rejects.toThrow('ask for transform, which a');
  expect((await open(folder('predict_proba'))).models.get('m')?.predictOptions).toEqual({ method: 'predict_proba' });
});
