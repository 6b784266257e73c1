import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from '../../src/index';
import { createServedModel } from '../../src/server/served-model';
import { echoModel } from '../support/echo-model';
import { ask } from '../support/http';
import { serveRepository } from '../support/served';

interface Output {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly parameters: unknown;
  readonly data: readonly (number | string)[];
}
interface Exchange {
  readonly model: 'table' | 'echo';
  readonly request: { readonly inputs: readonly { readonly name: string }[]; readonly outputs?: readonly { readonly name: string }[] };
  readonly status: number;
  readonly outputs?: readonly Output[];
}

/** Written by scripts/fixtures/mlserver_exchanges.py. */
const FOLDER = join(__dirname, '../fixtures/mlserver');
const { exchanges } = JSON.parse(readFileSync(join(FOLDER, 'exchanges.json'), 'utf8')) as { readonly exchanges: readonly Exchange[] };

/** MLServer has one model with several outputs, ours an output of its own name and a setting for probabilities. */
const ours = (outputs: Exchange['request']['outputs']): object => (outputs ? { outputs: outputs.map((output) => ({ ...output, name: output.name.replace(/^predict.*/, 'output-0') })) } : {});

test.each(exchanges.map((exchange, i) => [i, exchange] as const))('exchange %i of MLServer has the same elements and content types here', async (_, exchange) => {
  const { model, request, status, outputs = [] } = exchange;
  const method = request.outputs?.[0]?.name === 'predict_proba' ? 'predict_proba' : 'predict';
  const table = createServedModel('table', await loadModel(join(FOLDER, 'table.joblib')), { method });
  const { port } = await serveRepository([table, createServedModel('echo', echoModel())]);
  const answer = await ask(port, `/v2/models/${model}/infer`, { body: JSON.stringify({ ...request, ...ours(request.outputs) }) });
  // KServe differs, and MLServer: a client's mistake is 400, not 500.
  expect(answer.status).toBe(status === 500 ? 400 : status);
  if (status !== 200) return;
  const { outputs: got } = answer.json() as { readonly outputs: readonly Output[] };
  expect(got.map(({ datatype, parameters }) => ({ datatype, parameters }))).toEqual(outputs.map(({ datatype, parameters }) => ({ datatype, parameters })));
  got.forEach(({ data }, i) => {
    const theirs = outputs[i]?.data ?? [];
    expect(data).toEqual(theirs.map((value) => (typeof value === 'number' ? expect.closeTo(value, 12) : value)));
  });
});
