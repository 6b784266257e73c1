import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadModel } from '../../packages/runtime/src/model/load-model';
import { tabular } from '../../packages/runtime/src/model/tabular';
import type { Model } from '../../packages/runtime/src/model/model';
import { boostingFiles, FEATURES, randomOf } from '../support/boosting-models';
import { listRateOf, matrixOf } from '../support/row-rate';

const ROWS = 1000;

/** Python with xgboost, lightgbm and catboost; without it the figures stand alone. */
const PYTHON = process.env.ISVC_BENCH_PYTHON;

interface Reference {
  readonly answers: readonly number[];
  readonly oneRow: number;
  readonly batch: number;
}

/** How many rows a second do the boosting evaluators answer, one at a time and 1,000 at once, beside the libraries? */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'isvc-boosting-'));
  try {
    const random = randomOf(9);
    const table = Array.from({ length: ROWS }, () => Array.from({ length: FEATURES }, () => random() * 2 - 1));
    const rowsFile = join(folder, 'rows.txt');
    await writeFile(rowsFile, JSON.stringify(table));
    console.log(`rows/s of 100 trees of depth 6 over ${FEATURES} columns, one thread${PYTHON === undefined ? '; set ISVC_BENCH_PYTHON to compare' : ''}`);
    for (const { library, file, content } of boostingFiles()) {
      const path = join(folder, file);
      await writeFile(path, content);
      const model = tabular(await loadModel(path));
      const reference = PYTHON === undefined ? undefined : await askPython(PYTHON, library, path, rowsFile);
      if (reference) assertEqual(model, table, reference.answers);
      print(library, 'one row', listRateOf(model, table.slice(0, 1)), reference?.oneRow);
      print(library, `${ROWS} rows`, listRateOf(model, table), reference?.batch);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function print(library: string, what: string, ours: number, theirs: number | undefined): void {
  const compared = theirs === undefined ? '' : `${Math.round(theirs).toLocaleString('en')} in Python`.padStart(24) + `${(ours / theirs).toFixed(2)} x`.padStart(12);
  console.log(`  ${library.padEnd(10)}${what.padEnd(12)}${Math.round(ours).toLocaleString('en').padStart(12)}${compared}`);
}

async function askPython(python: string, library: string, path: string, rowsFile: string): Promise<Reference> {
  const script = join(__dirname, 'boosting-reference.py');
  const { stdout } = await promisify(execFile)(python, [script, library, path, rowsFile], { maxBuffer: 1 << 24, env: { ...process.env, OMP_NUM_THREADS: '1' } });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Reference;
}

/** Speed of wrong answers would prove nothing. */
function assertEqual(model: Model, table: readonly (readonly number[])[], expected: readonly number[]): void {
  const { data } = model.predict(matrixOf(table));
  expected.forEach((value, row) => assert(Math.abs((data[row] as number) - value) <= 1e-5 * Math.max(1, Math.abs(value)), `row ${row}: ${data[row]} for ${value}`));
}
