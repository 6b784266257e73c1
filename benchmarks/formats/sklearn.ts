import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadModel } from '../../packages/runtime/src/model/load-model';
import { tabular } from '../../packages/runtime/src/model/tabular';
import type { Model, PredictMethod } from '../../packages/runtime/src/model/model';
import { matrixOf, rateOf } from '../support/row-rate';

/** Python with scikit-learn, which fits the models. */
const PYTHON = process.env.ISVC_BENCH_PYTHON;

/** A line of `sklearn-reference.py`. */
interface Fitted {
  readonly name: string;
  readonly size: string;
  readonly file: string;
  readonly rows: string;
  readonly answers: readonly number[];
  readonly method: PredictMethod;
  readonly numbers: readonly number[];
  readonly oneRow: number;
  readonly batch: number;
}

/** Largest difference of a number, relative to it or to 1 where it is small: forests are equal to the last bit. */
const TOLERANCE = { forest: 0, svc: 1e-12 } as const;

/** How long do forests of 100 trees take for a row, alone and in a batch, beside the scikit-learn that fitted them? */
export function forest(): Promise<void> {
  return compare('forest');
}

/** The same for support vector machines with RBF kernel. */
export function svc(): Promise<void> {
  return compare('svc');
}

async function compare(family: keyof typeof TOLERANCE): Promise<void> {
  if (PYTHON === undefined) {
    console.log('set ISVC_BENCH_PYTHON to a Python with scikit-learn');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'isvc-sklearn-'));
  try {
    const options = { maxBuffer: 1 << 26, env: { ...process.env, OMP_NUM_THREADS: '1' } };
    const { stdout } = await promisify(execFile)(PYTHON, [join(__dirname, 'sklearn-reference.py'), family, folder], options);
    console.log('us of the processor for a row, one thread');
    for (const line of stdout.trim().split('\n')) {
      const fitted = JSON.parse(line) as Fitted;
      const table = JSON.parse(await readFile(join(folder, fitted.rows), 'utf8')) as number[][];
      const model = tabular(await loadModel(join(folder, fitted.file)));
      assertEqual(model, table, fitted, TOLERANCE[family]);
      console.log(`${fitted.name}, ${fitted.size}`);
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

/** Speed of wrong answers would prove nothing. */
function assertEqual(model: Model, table: readonly (readonly number[])[], { answers, method, numbers }: Fitted, tolerance: number): void {
  const near = (value: unknown, wanted: number): boolean => Math.abs(Number(value) - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
  const { data } = model.predict(matrixOf(table));
  answers.forEach((wanted, row) => assert(near(data[row], wanted), `row ${row}: ${data[row]} for ${wanted}`));
  if (numbers.length === 0) return;
  const ours = model.predict(matrixOf(table), { method }).data;
  numbers.forEach((wanted, index) => assert(near(ours[index], wanted), `${method} ${index}: ${ours[index]} for ${wanted}`));
}
