import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputTensor } from '../../src/model/model';

/** Files that scripts/fixtures/boosting_models.py has written. */
const FIXTURES = join(__dirname, '../fixtures/boosting');

export const LIBRARIES = ['xgboost', 'lightgbm', 'catboost'] as const;

export type Library = (typeof LIBRARIES)[number];

interface RecordedAnswer {
  /** Of NumPy, e.g. `float32`. */
  readonly dtype: string;
  readonly data: readonly (number | string | readonly (number | string)[])[];
}

/** What the library itself answered for the rows of one file. */
export interface BoostingAnswers {
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: readonly (readonly (number | string)[])[];
  readonly predict: RecordedAnswer;
  readonly predict_proba?: RecordedAnswer;
}

const PICKLED = /\.(joblib|pkl)$/;

function filesOf(library: Library): readonly string[] {
  return readdirSync(join(FIXTURES, library)).filter((name) => !name.endsWith('.expected.json') && !name.includes('refused-'));
}

/** Models in the library's own format. */
export function ownFiles(library: Library): readonly string[] {
  return filesOf(library).filter((name) => !PICKLED.test(name));
}

/** Wrappers and boosters in pickles. */
export function pickledFiles(library: Library): readonly string[] {
  return filesOf(library).filter((name) => PICKLED.test(name));
}

/** What a model is of, whichever release wrote it: `earlier-binary.bst` and `binary.json` are `binary`. */
export function kindOf(name: string): string {
  return name.replace(/^(earlier|sklearn15)-/, '').replace(/\.\w+$/, '');
}

export function boostingBytes(library: Library, name: string): Buffer {
  return readFileSync(join(FIXTURES, library, name));
}

export function boostingPath(library: Library, name: string): string {
  return join(FIXTURES, library, name);
}

export function boostingAnswers(library: Library, name: string): BoostingAnswers {
  return JSON.parse(boostingBytes(library, `${name}.expected.json`).toString('utf8')) as BoostingAnswers;
}

/** Largest relative difference of numbers; text and infinities must be equal, otherwise it is infinite. */
export function largestDifference(output: OutputTensor, { data }: RecordedAnswer): number {
  const expected = data.flat();
  if (output.data.length !== expected.length) return Infinity;
  let worst = 0;
  expected.forEach((value, index) => {
    const actual = output.data[index];
    if (typeof actual === 'string' || typeof value === 'string') {
      if (String(actual) !== String(value)) worst = Infinity;
      return;
    }
    const difference = Math.abs(Number(actual) - Number(value));
    if (difference > 0) worst = Math.max(worst, difference / Math.max(Math.abs(Number(value)), 1e-30));
  });
  return worst;
}

/** The V2 datatype that KServe gives an array of a NumPy type. */
export function datatypeOf({ dtype }: RecordedAnswer): string {
  if (/^[<|]?[UO]|object/.test(dtype)) return 'BYTES';
  return { float32: 'FP32', float64: 'FP64', int64: 'INT64', int32: 'INT32', bool: 'BOOL' }[dtype] ?? dtype;
}
