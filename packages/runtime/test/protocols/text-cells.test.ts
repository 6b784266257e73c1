import { sklearnFormat } from '../../src/formats/sklearn/sklearn-format';
import type { Model } from '../../src/model/model';
import { ask } from '../support/http';
import { type FamilyCase, readFamilies } from '../support/sklearn-families';
import { serveModel } from '../support/served';

const families = readFamilies();

function recorded(family: string, name: string): { readonly model: Model; readonly one: FamilyCase } {
  const one = families.filter((each) => each.family === family).flatMap(({ cases }) => cases).find((each) => each.name === name) as FamilyCase;
  return { model: sklearnFormat.parse(one.pickle, 'model.pkl'), one };
}

describe('a model over columns of text and numbers', () => {
  const { model, one } = recorded('columns', 'columns-forest');
  const answers = one.answers.predict?.data.slice(0, 5);
  const rows = one.rows.slice(0, 5) as (readonly (string | number)[])[];

  test('takes V1 rows with text in them', async () => {
    const { port } = await serveModel(model);
    const answer = await ask(port, '/v1/models/sk:predict', { body: JSON.stringify({ instances: rows }) });
    expect([answer.status, answer.json()]).toEqual([200, { predictions: answers }]);
  });

  test('takes V1 objects with text in them', async () => {
    const { port } = await serveModel(model);
    const instances = rows.map((row) => Object.fromEntries(row.map((cell, column) => [`c${column}`, cell])));
    expect((await ask(port, '/v1/models/sk:predict', { body: JSON.stringify({ instances }) })).json()).toEqual({ predictions: answers });
  });

  test('takes V2 columns, those of text as BYTES', async () => {
    const { port } = await serveModel(model);
    const inputs = (rows[0] ?? []).map((cell, column) => ({
      name: `c${column}`, shape: [rows.length], datatype: typeof cell === 'string' ? 'BYTES' : 'FP64', data: rows.map((row) => row[column]),
    }));
    const answer = await ask(port, '/v2/models/sk/infer', { body: JSON.stringify({ inputs }) });
    expect((answer.json() as { outputs: { data: unknown }[] }).outputs[0]?.data).toEqual(answers);
  });

  test('refuses text where a number is needed, by row and column', async () => {
    const { port } = await serveModel(model);
    const [first] = rows;
    const answer = await ask(port, '/v1/models/sk:predict', { body: JSON.stringify({ instances: [[first?.[0], first?.[1], 'old', 1, 2]] }) });
    expect([answer.status, (answer.json() as { error: string }).error]).toEqual([400, expect.stringContaining('row 0, column 0 is the text "old", where StandardScaler expects a number')]);
  });
});

describe('a model over documents', () => {
  const { model, one } = recorded('text', 'count-bayes');
  const documents = one.rows.slice(0, 6);
  const answers = one.answers.predict?.data.slice(0, 6);

  test('takes a V1 list of texts', async () => {
    const { port } = await serveModel(model);
    expect((await ask(port, '/v1/models/sk:predict', { body: JSON.stringify({ instances: documents }) })).json()).toEqual({ predictions: answers });
  });

  test.each([[[6]], [[6, 1]]])('takes a V2 BYTES tensor of shape %j', async (shape) => {
    const { port } = await serveModel(model);
    const answer = await ask(port, '/v2/models/sk/infer', { body: JSON.stringify({ inputs: [{ name: 'input-0', shape, datatype: 'BYTES', data: documents }] }) });
    expect((answer.json() as { outputs: unknown[] }).outputs).toEqual([expect.objectContaining({ datatype: 'BYTES', shape: [6], data: answers })]);
  });

  test('refuses a number for a document', async () => {
    const { port } = await serveModel(model);
    const answer = await ask(port, '/v1/models/sk:predict', { body: '{"instances":["words",3]}' });
    expect([answer.status, (answer.json() as { error: string }).error]).toEqual([400, expect.stringContaining('row 1 is not text')]);
  });
});

test.each([
  ['decision_function', 'svm', 'svc-ovr'],
  ['transform', 'bayes', 'k-means'],
  ['predict_proba', 'linear', 'logistic'],
] as const)('a server set to %s answers with it and says so in its metadata', async (method, family, name) => {
  const { model, one } = recorded(family, name);
  const { port } = await serveModel(model, { method });
  const answer = await ask(port, '/v1/models/sk:predict', { body: JSON.stringify({ instances: one.rows.slice(0, 3) }) });
  const { predictions } = answer.json() as { predictions: number[][] };
  const width = one.answers[method]?.shape[1] as number;
  expect(predictions).toHaveLength(3);
  predictions.flat().forEach((value, index) => expect(value).toBeCloseTo(one.answers[method]?.data[index] as number, 5));
  expect(predictions[0]).toHaveLength(width);
  expect((await ask(port, '/v2/models/sk')).json()).toMatchObject({ outputs: [{ datatype: 'FP64', shape: [-1, -1] }] });
});

test('a model without the method that is asked for predicts', async () => {
  const { model, one } = recorded('linear', 'ridge');
  const { port } = await serveModel(model, { method: 'transform' });
  const answer = await ask(port, '/v1/models/sk:predict', { body: JSON.stringify({ instances: one.rows.slice(0, 1) }) });
  expect((answer.json() as { predictions: number[] }).predictions[0]).toBeCloseTo(one.answers.predict?.data[0] as number, 5);
});
