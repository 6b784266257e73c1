import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Matrix, Model, OutputTensor, PredictMethod } from '../../src/model/model';

/** Files that scripts/fixtures/sklearn_families.py has written. */
const FAMILIES = join(__dirname, '../fixtures/sklearn-families');

type Cell = number | string | boolean | null | { readonly inf: 1 | -1 };

/** An answer of scikit-learn, flat, with the kind of its numbers. */
export interface RecordedAnswer {
  readonly kind: 'int' | 'float' | 'bool' | 'text';
  readonly shape: readonly number[];
  readonly data: readonly Cell[];
}

export interface FamilyCase {
  readonly name: string;
  readonly estimator: string;
  readonly rows: readonly (readonly Cell[] | Cell)[];
  readonly pickle: Buffer;
  readonly answers: Readonly<Partial<Record<PredictMethod, RecordedAnswer>>>;
}

export interface Family {
  readonly family: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly cases: readonly FamilyCase[];
}

export function readFamilies(): readonly Family[] {
  return readdirSync(FAMILIES).sort().map((file) => {
    const { tables, cases, ...family } = JSON.parse(gunzipSync(readFileSync(join(FAMILIES, file))).toString()) as Omit<Family, 'cases'> & {
      readonly tables: readonly FamilyCase['rows'][];
      readonly cases: readonly (Omit<FamilyCase, 'rows' | 'pickle'> & { readonly table: number; readonly pickle: string })[];
    };
    return { ...family, cases: cases.map((one) => ({ ...one, rows: tables[one.table] ?? [], pickle: Buffer.from(one.pickle, 'base64') })) };
  });
}

/** Rows as the model takes them; a row that is one text is a document. */
export function tableOf(rows: FamilyCase['rows']): Matrix {
  const cells = rows.map((row) => (Array.isArray(row) ? (row as readonly Cell[]) : [row as Cell]));
  const columns = cells[0]?.length ?? 0;
  const texts = new Map<number, (string | undefined)[]>();
  cells.forEach((row, index) => row.forEach((cell, column) => {
    if (typeof cell !== 'string') return;
    if (!texts.has(column)) texts.set(column, new Array<string | undefined>(rows.length).fill(undefined));
    (texts.get(column) as (string | undefined)[])[index] = cell;
  }));
  const data = Float64Array.from(cells.flat(), (cell) => (typeof cell === 'string' ? NaN : numberOf(cell)));
  return { rows: rows.length, columns, data, ...(texts.size > 0 ? { texts } : {}) };
}

export function numberOf(cell: Cell): number {
  if (cell === null) return NaN;
  return typeof cell === 'object' ? cell.inf * Infinity : Number(cell);
}

/**
 * Largest relative difference of an answer to the recorded one, 0 for equal labels and infinite for unequal ones. A
 * number more than a million times smaller than the largest of its row is what cancellation has left of it, and is
 * measured against that one.
 */
export function largestDifference(output: OutputTensor, recorded: RecordedAnswer): number {
  const { shape, data } = recorded;
  if (JSON.stringify(output.shape) !== JSON.stringify(shape) || output.data.length !== data.length) return Infinity;
  const width = Math.max(1, data.length / Math.max(1, shape[0] ?? 1));
  let worst = 0;
  let largest = 0;
  for (let index = 0; index < data.length; index++) {
    if (recorded.kind === 'float' && index % width === 0) largest = largestOf(data.slice(index, index + width));
    const expected = data[index] as Cell;
    const actual = output.data[index];
    if (recorded.kind !== 'float') {
      if (String(actual) !== String(typeof expected === 'boolean' ? Number(expected) : expected)) return Infinity;
      continue;
    }
    const wanted = numberOf(expected);
    if (Object.is(actual, wanted) || actual === wanted) continue;
    const difference = Math.abs(Number(actual) - wanted) / Math.max(Math.abs(wanted), largest * 1e-6, Number.MIN_VALUE);
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
  }
  return worst;
}

function largestOf(row: readonly Cell[]): number {
  return Math.max(0, ...row.map((cell) => Math.abs(numberOf(cell))).filter(Number.isFinite));
}

/** Differences of one model by method; what throws counts as infinite. */
export function differencesOf(model: Model, one: FamilyCase): ReadonlyMap<PredictMethod, number> {
  const input = tableOf(one.rows);
  return new Map(Object.entries(one.answers).map(([method, recorded]) => {
    const name = method as PredictMethod;
    return [name, largestDifference(model.predict(input, { method: name }), recorded)];
  }));
}
