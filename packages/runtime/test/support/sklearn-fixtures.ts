import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Matrix } from '../../src/model/model';

/** Files that scripts/fixtures/sklearn_models.py has written. */
export const SKLEARN_FIXTURES = join(__dirname, '../fixtures/sklearn');

/** What scikit-learn itself answered for the rows of one file. */
export interface Recorded {
  readonly estimator: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: readonly (readonly (number | string)[])[];
  readonly predict: readonly (number | string | boolean)[];
  readonly predict_proba?: readonly (readonly number[])[];
}

const names = readdirSync(SKLEARN_FIXTURES).filter((name) => !name.endsWith('.json'));

export const SUPPORTED_FIXTURES: readonly string[] = names.filter((name) => !name.startsWith('refused-'));
export const REFUSED_FIXTURES: readonly string[] = names.filter((name) => name.startsWith('refused-'));

export function fixtureBytes(name: string): Buffer {
  return readFileSync(join(SKLEARN_FIXTURES, name));
}

export function recordedAnswers(name: string): Recorded {
  return JSON.parse(readFileSync(join(SKLEARN_FIXTURES, `${name}.expected.json`), 'utf8')) as Recorded;
}

/** Rows of numbers; `nan` is the text that JSON has for it here. */
export function matrixOf(rows: readonly (readonly (number | string)[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, data: Float64Array.from(rows.flat(), Number) };
}
