import { type RunningServer, startServer } from '../../../src/index';
import { ModelRepository } from '../../../src/model/model-repository';
import { createServedModel } from '../../../src/server/served-model';
import { pmmlFormat } from '../../../src/formats/pmml/pmml-format';
import { ask } from '../../support/http';
import { pmmlAnswers, pmmlBytes } from '../../support/pmml-fixtures';

const { inputs, rows, answers } = pmmlAnswers('forest-classifier');
const FIRST = rows[0] as Readonly<Record<string, number>>;
const EXPECTED = answers[0] as Readonly<Record<string, unknown>>;
let server: RunningServer;

beforeAll(async () => {
  const model = await pmmlFormat.parse(pmmlBytes('forest-classifier'), 'model.pmml');
  server = await startServer({ modelName: 'iris', repository: ModelRepository.of([createServedModel('iris', model)]), shutdownTimeoutSeconds: 1 });
});

afterAll(() => server.close());

const predict = async (instances: readonly unknown[]): Promise<{ readonly status: number; readonly body: unknown }> => {
  const answer = await ask(server.port, '/v1/models/iris:predict', { body: JSON.stringify({ instances }) });
  return { status: answer.status, body: answer.json() };
};

test('V1 answers an object a row: the target, then the outputs', async () => {
  const list = inputs.map((name) => FIRST[name]);
  const answer = { status: 200, body: { predictions: [EXPECTED] } };
  expect(await predict([list])).toEqual(answer);
  expect(Object.keys(((await predict([list])).body as { predictions: object[] }).predictions[0] as object)).toEqual(['species', 'probability(setosa)', 'probability(versicolor)', 'probability(virginica)']);
  expect(await predict([[...list, 'more than the model takes']])).toEqual(answer);
});

test('V1 takes objects by name in any order, also in the form of data frames', async () => {
  const backwards = Object.fromEntries([...inputs].reverse().map((name) => [name, FIRST[name]]));
  expect(await predict([backwards])).toEqual({ status: 200, body: { predictions: [EXPECTED] } });
  expect(await predict([Object.fromEntries(inputs.map((name) => [name, [FIRST[name]]]))])).toEqual({ status: 200, body: { predictions: [EXPECTED] } });
});

test('V1 says which row and field is wrong', async () => {
  expect(await predict([FIRST, { ...FIRST, petal_length: 'long' }])).toEqual({ status: 400, body: { error: 'row 1: field "petal_length" is "long"; allowed is a number' } });
  expect(await predict([{ petal_lenght: 1 }])).toEqual({ status: 400, body: { error: expect.stringMatching(/^instances\[0\] names "petal_lenght", which the model has not; it has .*did you mean "petal_length"\?/) as unknown } });
  expect(await predict([[[1, 2]]])).toEqual({ status: 400, body: { error: 'instances[0][0] is a list; a field takes text, a number or a boolean' } });
  expect(await predict([])).toEqual({ status: 200, body: { predictions: [] } });
});

test('V2 takes a table or a tensor a field, and answers a tensor a field', async () => {
  const list = inputs.map((name) => FIRST[name]);
  const table = { inputs: [{ name: 'input-0', shape: [1, inputs.length], datatype: 'FP64', data: list }] };
  const columns = { inputs: [...inputs].reverse().map((name) => ({ name, shape: [1], datatype: 'FP64', data: [FIRST[name]] })) };
  const outputs = [
    { name: 'species', datatype: 'BYTES', shape: [1], data: [EXPECTED['species']], parameters: null },
    ...['setosa', 'versicolor', 'virginica'].map((label) => ({ name: `probability(${label})`, datatype: 'FP64', shape: [1], data: [EXPECTED[`probability(${label})`]], parameters: null })),
  ];
  for (const body of [table, columns]) {
    const answer = await ask(server.port, '/v2/models/iris/infer', { body: JSON.stringify(body) });
    expect((answer.json() as { outputs: unknown }).outputs).toEqual(outputs);
  }
});

test('V2 names what does not fit', async () => {
  const infer = async (inputsOf: unknown): Promise<unknown> => (await ask(server.port, '/v2/models/iris/infer', { body: JSON.stringify({ inputs: inputsOf }) })).json();
  const column = (name: string, data: readonly number[]): object => ({ name, shape: [data.length], datatype: 'FP64', data });
  expect(await infer([column('petal_length', [1]), column('petal_wide', [1])])).toEqual({ error: expect.stringMatching(/names "petal_wide", which the model has not/) as unknown });
  expect(await infer([column('petal_length', [1, 2]), column('petal_width', [1])])).toEqual({ error: expect.stringMatching(/different numbers of rows: 2, and 1 of 'petal_width'/) as unknown });
});

test('metadata names the fields, and predictions are counted', async () => {
  const metadata = (await ask(server.port, '/v2/models/iris')).json();
  expect(metadata).toMatchObject({
    platform: 'pmml',
    inputs: inputs.map((name) => ({ name, datatype: 'FP32', shape: [-1] })),
    outputs: [{ name: 'species', datatype: 'BYTES', shape: [-1] }, {}, {}, {}],
  });
  expect((await ask(server.port, '/metrics')).text).toMatch(/request_predict_seconds_count\{[^}]*\} [1-9]/);
});

test('inspection shows who wrote the document, and the classes', () => {
  expect(pmmlFormat.details?.(pmmlBytes('forest-classifier'), 'model.pmml')).toEqual({
    writtenBy: { 'SkLearn2PMML package': '0.133.1', PMML: '4.4' }, classes: ['setosa', 'versicolor', 'virginica'],
  });
});
