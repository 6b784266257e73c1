import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadModel } from '../../packages/runtime/src/model/load-model';
import { tabular } from '../../packages/runtime/src/model/tabular';
import type { Model } from '../../packages/runtime/src/model/model';
import { matrixOf, rateOf } from '../support/row-rate';

/** Python with scikit-learn, which fits the forests. */
const PYTHON = process.env.ISVC_BENCH_PYTHON;

interface Fitted {
  readonly kind: string;
  readonly depth: string;
  readonly file: string;
  readonly nodes: number;
  readonly answers: readonly number[];
  readonly probabilities: readonly number[];
  readonly oneRow: number;
  readonly batch: number;
}

/** How long do forests of 100 trees take for a row, alone and in a batch, beside the scikit-learn that fitted them? */
export async function run(): Promise<void> {
  if (PYTHON === undefined) {
    console.log('set ISVC_BENCH_PYTHON to a Python with scikit-learn');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'isvc-forest-'));
  try {
    const environment = { ...process.env, OMP_NUM_THREADS: '1' };
    const { stdout } = await promisify(execFile)(PYTHON, [join(__dirname, 'forest-reference.py'), folder], { maxBuffer: 1 << 26, env: environment });
    const table = JSON.parse(await readFile(join(folder, 'rows.json'), 'utf8')) as number[][];
    console.log(`us of the processor for a row, 100 trees over ${table[0]?.length} columns, one thread`);
    for (const line of stdout.trim().split('\n')) {
      const fitted = JSON.parse(line) as Fitted;
      const model = tabular(await loadModel(join(folder, fitted.file)));
      assertEqual(model, table, fitted);
      console.log(`${fitted.kind}, ${fitted.depth}, ${fitted.nodes.toLocaleString('en')} nodes`);
      print('one row', rateOf(model, matrixOf(table.slice(0, 1))), fitted.oneRow);
      print(`${table.length} rows`, rateOf(model, matrixOf(table)), fitted.batch);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function print(what: string, ours: number, theirs: number): void {
  const micros = (rate: number): string => (1e6 / rate).toFixed(2);
  console.log(`  ${what.padEnd(12)}${micros(ours).padStart(10)}${`${micros(theirs)} in Python`.padStart(24)}${`${(ours / theirs).toFixed(1)} x`.padStart(12)}`);
}

/** Speed of wrong answers would prove nothing: every answer and every probability, to the last bit. */
function assertEqual(model: Model, table: readonly (readonly number[])[], { answers, probabilities }: Fitted): void {
  const { data } = model.predict(matrixOf(table));
  answers.forEach((value, row) => assert.equal(Number(data[row]), value, `row ${row}`));
  if (probabilities.length === 0) return;
  const shares = model.predict(matrixOf(table), { method: 'predict_proba' }).data;
  probabilities.forEach((value, index) => assert.equal(shares[index], value, `probability ${index}`));
}
