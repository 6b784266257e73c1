import { tabular } from '../../src/model/tabular';
import { loadModel } from '../../src/index';
import { IRIS_SVC } from '../support/runtime-process';
import { type Answer, ask } from '../support/http';
import { serveModel } from '../support/served';

/**
 * What KServe 0.20's server for scikit-learn answers for an SVC of the iris data called `sk`, and what ours does where that is on purpose something
 * else (docs/compatibility.md has the reasons). JSON is compared by value.
 */
interface Exchange {
  readonly what: string;
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly answer: unknown;
  /** KServe's own status, where it is another. */
  readonly kserve?: number;
}

const TWO = [[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6]];
const predict = (what: string, body: unknown, status: number, answer: unknown, more: Partial<Exchange> = {}): Exchange => ({ what, path: '/v1/models/sk:predict', body, status, answer, ...more });
const tensor = (more: object = {}): object => ({ name: 'input-0', shape: [2, 4], datatype: 'FP32', data: TWO, ...more });
const infer = (what: string, body: unknown, status: number, answer: unknown, more: Partial<Exchange> = {}): Exchange => ({ what, path: '/v2/models/sk/infer', body, status, answer, ...more });
const get = (path: string, status: number, answer: unknown, more: Partial<Exchange> = {}): Exchange => ({ what: `GET ${path}`, path, status, answer, ...more });
const error = (text: string): unknown => ({ error: expect.stringContaining(text) as unknown });
const INFERRED = { model_name: 'sk', model_version: null, id: '7', parameters: null, outputs: [{ name: 'output-0', shape: [2], datatype: 'INT64', parameters: null, data: [1, 1] }] };

const EXCHANGES: readonly Exchange[] = [
  get('/', 200, { status: 'alive' }),
  get('/v1/models', 200, { models: ['sk'] }),
  get('/v1/models/sk', 200, { name: 'sk', ready: true }),
  get('/v1/models/nope', 404, { error: 'Model with name nope does not exist.' }),
  predict('two rows', { instances: TWO }, 200, { predictions: [1, 1] }),
  predict('both keys: inputs count', { inputs: [TWO[0]], instances: TWO }, 200, { predictions: [1] }),
  predict('instances that are no list', { instances: 5 }, 400, { error: 'Expected "instances" to be a list' }),
  predict('no instances', {}, 400, { error: 'Expected "instances" to be a list' }, { kserve: 500 }),
  predict('cut JSON', '{"instances":', 400, error('Unrecognized request format: ')),
  predict('an empty body', '', 400, error('Unrecognized request format: ')),
  predict('two features', { instances: [[1, 2]] }, 400, { error: 'the input has 2 columns, SVC expects 4; send rows of 4 numbers' }, { kserve: 500 }),
  predict('a content type with a charset', { instances: TWO }, 200, { predictions: [1, 1] }, { headers: { 'content-type': 'application/json; charset=utf-8' }, kserve: 500 }),
  predict('the content type of forms', { instances: TWO }, 200, { predictions: [1, 1] }, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, kserve: 500 }),
  { what: 'explain', path: '/v1/models/sk:explain', body: { instances: TWO }, status: 501, answer: error('explainer') },
  get('/v2', 200, { name: 'cdk8s-kserve', version: expect.any(String) as unknown, extensions: ['binary_tensor_data'] }),
  get('/v2/health/live', 200, { live: true }),
  get('/v2/health/ready', 200, { ready: true }),
  get('/v2/models', 200, { models: ['sk'] }),
  get('/v2/models/sk', 200, { name: 'sk', versions: ['1'], platform: 'sklearn_joblib', inputs: [{ name: 'input-0', datatype: 'FP64', shape: [-1, 4] }], outputs: [{ name: 'output-0', datatype: 'INT64', shape: [-1] }] }),
  get('/v2/models/sk/ready', 200, { name: 'sk', ready: true }),
  get('/v2/models/sk/versions/1', 200, expect.objectContaining({ name: 'sk' }), { kserve: 501 }),
  get('/v2/models/sk/versions/2', 404, error('version'), { kserve: 501 }),
  infer('nested rows', { id: '7', inputs: [tensor()] }, 200, INFERRED),
  infer('flat rows', { id: '7', inputs: [tensor({ data: TWO.flat() })] }, 200, INFERRED),
  infer('a shape against its data', { inputs: [tensor({ shape: [1, 3], data: [1, 2, 3, 4] })] }, 400, error('cannot reshape array of size 4 into shape (1,3)'), { kserve: 500 }),
  infer('an open axis', { id: '7', inputs: [tensor({ shape: [-1, 4] })] }, 200, INFERRED),
  infer('BF16', { inputs: [tensor({ datatype: 'BF16' })] }, 400, error('BF16'), { kserve: 500 }),
  infer('FP16 as JSON', { inputs: [tensor({ datatype: 'FP16' })] }, 400, error('Sending FP16 data via JSON is not supported. Please use the binary data format for input input-0')),
  infer('no data', { inputs: [tensor({ data: undefined })] }, 422, expect.objectContaining({ detail: [expect.objectContaining({ type: 'missing', loc: ['body', 'InferenceRequest', 'inputs', 0, 'data'] })] })),
  infer('cut JSON', '{"inputs":', 422, expect.objectContaining({ detail: [expect.objectContaining({ type: 'json_invalid' })] })),
  infer('an output that is not there', { inputs: [tensor()], outputs: [{ name: 'zzz' }] }, 400, { error: "Unexpected inference output 'zzz' for model 'sk'" }),
  infer('the content type of forms', { id: '7', inputs: [tensor()] }, 200, INFERRED, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, kserve: 400 }),
  { what: 'repository index', path: '/v2/repository/index', method: 'POST', status: 404, answer: { detail: 'Not Found' } },
  { what: 'load where that is off', path: '/v2/repository/models/nope/load', method: 'POST', status: 404, answer: { detail: 'Not Found' }, kserve: 503 },
  { what: 'unload where that is off', path: '/v2/repository/models/nope/unload', method: 'POST', status: 404, answer: { detail: 'Not Found' } },
];

let port: number;
beforeEach(async () => {
  ({ port } = await serveModel(tabular(await loadModel(IRIS_SVC))));
});

function send({ path, method, body, headers }: Exchange): Promise<Answer> {
  const text = body === undefined ? (method === 'POST' ? '' : undefined) : typeof body === 'string' ? body : JSON.stringify(body);
  return ask(port, path, { ...(method ? { method } : {}), ...(text === undefined ? {} : { body: text }), headers: { 'content-type': 'application/json', ...headers } });
}

test.each(EXCHANGES.map((exchange) => [exchange.path, exchange.what, exchange] as const))('%s: %s', async (_path, _what, exchange) => {
  const answer = await send(exchange);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([exchange.status, 'application/json']);
  expect(answer.json()).toEqual(exchange.answer);
});

test('the binary answer is the same tensor as bytes', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/v2/models/sk/infer`, { method: 'POST', headers: { connection: 'close' }, body: JSON.stringify({ id: '7', parameters: { binary_data_output: true }, inputs: [tensor()] }) });
  const bytes = Buffer.from(await response.arrayBuffer());
  const length = Number(response.headers.get('inference-header-content-length'));
  expect(JSON.parse(bytes.toString('utf8', 0, length))).toEqual({ id: '7', model_name: 'sk', model_version: null, outputs: [{ name: 'output-0', shape: [2], datatype: 'INT64', parameters: { binary_data_size: 16 } }] });
  expect(bytes.subarray(length)).toEqual(Buffer.from(BigInt64Array.of(1n, 1n).buffer));
});
