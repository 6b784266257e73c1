import { loadModel } from '../../src/index';
import { tabular } from '../../src/model/tabular';
import { boostingAnswers, boostingPath, largestDifference } from '../support/boosting-fixtures';
import { ask } from '../support/http';
import { serveModel } from '../support/served';

const NAMES = ['age', 'income', 'width', 'kind', 'clicks', 'score'];
const PREDICT = '/v1/models/sk:predict';

async function served(file: string): Promise<{ readonly rows: readonly (readonly number[])[]; readonly predict: (instances: unknown) => Promise<readonly [number, unknown]>; differenceOf(answer: unknown): number }> {
  const { port } = await serveModel(tabular(await loadModel(boostingPath('lightgbm', file))));
  const { inputs, predict } = boostingAnswers('lightgbm', file);
  // JSON has no missing numbers.
  const whole = inputs.flatMap((row, i) => (row.every((cell) => typeof cell === 'number') ? [i] : [])).slice(0, 20);
  return {
    rows: whole.map((i) => inputs[i] as number[]),
    // The last bit of a softmax is the processor's.
    differenceOf: (answer) => {
      const data = (answer as { readonly predictions: number[] | number[][] }).predictions.flat();
      return largestDifference({ name: 'predict', datatype: 'FP64', shape: [data.length], data: Float64Array.from(data) }, { dtype: predict.dtype, data: whole.map((i) => predict.data[i] as number) });
    },
    predict: async (instances) => {
      const { status, text } = await ask(port, PREDICT, { body: JSON.stringify({ instances }) });
      return [status, JSON.parse(text)];
    },
  };
}

test.each(['multiclass.bst', 'regression.bst', 'named.txt'])('%s: predictions are the numbers of LightGBM itself', async (file) => {
  const { rows, predict, differenceOf } = await served(file);
  expect(rows.length).toBeGreaterThan(5);
  const [status, answer] = await predict(rows);
  expect(status).toBe(200);
  expect(differenceOf(answer)).toBeLessThan(1e-14);
});

test('columns by name and row in another order, and one more, make the same predictions', async () => {
  const { rows, predict, differenceOf } = await served('named.txt');
  const columns = NAMES.map((name, column): [string, unknown] => [name, Object.fromEntries(rows.map((row, i) => [i, row[column]]))]);
  const [status, answer] = await predict([Object.fromEntries([['unknown', Object.fromEntries(rows.map((_, i) => [i, 7]))], ...columns.reverse()])]);
  expect(status).toBe(200);
  expect(differenceOf(answer)).toBeLessThan(1e-14);
});

test('two features are 400, where KServe says 500', async () => {
  const { predict } = await served('multiclass.bst');
  expect(await predict([[1, 2]])).toEqual([400, { error: expect.stringContaining('the input has 2 columns') as unknown }]);
});
