import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix, Model } from '../model/model';
import { describe, readNumber } from './read-number';
import { TextCells } from './text-cells';

/**
 * Rows given as objects. Columns come in the order of the model's own names where it has them, otherwise in the order of
 * the first object's keys. An object is one row of scalars (`{"a": 1}`), or a small frame whose columns are arrays
 * (`{"a": [1, 2]}`) or objects keyed by row index (`{"a": {"0": 1, "1": 2}}`), which are the forms KServe reads.
 *
 * Names the model does not know are ignored. A column that is missing is one of missing values where the model takes
 * that (LightGBM's server does), as long as the object has any other column of the model. KServe differs: it refuses scalars, and keeps the request's order.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for a column that is missing and for columns of unequal length.
 */
export function matrixFromRecords(records: readonly unknown[], model: Model): Matrix {
  const names = model.featureNames ?? Object.keys(asRecord(records[0], 0));
  const values: number[] = [];
  const cells = model.takesText ? new TextCells() : undefined;
  let rows = 0;
  for (let i = 0; i < records.length; i++) {
    rows += appendFrame(values, cells, asRecord(records[i], i), names, rows, model.takesMissingColumns === true);
  }
  return { rows, columns: names.length, data: Float64Array.from(values), ...cells?.texts(rows) };
}

/** @returns how many rows it appended. */
function appendFrame(values: number[], cells: TextCells | undefined, record: Record<string, unknown>, names: readonly string[], row: number, takesMissing: boolean): number {
  const known = takesMissing ? names.find((name) => Object.hasOwn(record, name)) : undefined;
  const columns = names.map((name) => (known === undefined || Object.hasOwn(record, name) ? columnOf(record, name, row) : undefined));
  const first = known ?? names[0];
  const index = Object.keys(columns.find((column) => column !== undefined) ?? []);
  columns.forEach((column, c) => {
    if (column && (Object.keys(column).length !== index.length || !index.every((key) => Object.hasOwn(column, key)))) {
      throw new IsvcError('ISVC_INPUT_INVALID', `row ${row}: the columns "${first}" and "${names[c]}" do not have the same rows`);
    }
  });
  for (let r = 0; r < index.length; r++) {
    const key = index[r] as string;
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c];
      const value = column?.[key];
      if (typeof value === 'string' && cells) {
        cells.add(row + r, c, value);
        values.push(Number.NaN);
      } else {
        values.push(column ? readNumber(value, row + r, names[c] ?? c) : Number.NaN);
      }
    }
  }
  return index.length;
}

/** Values by row index; an array is one with the keys `0`, `1`, and so on. */
type Column = Readonly<Record<string, unknown>>;

function columnOf(record: Record<string, unknown>, name: string, row: number): Column {
  if (!Object.hasOwn(record, name)) {
    throw new IsvcError('ISVC_INPUT_INVALID', `row ${row} lacks the column "${name}"`, {
      hint: `its columns are ${Object.keys(record).slice(0, 20).map((key) => `"${key.slice(0, 40)}"`).join(', ') || 'none'}`,
    });
  }
  const value = record[name];
  return typeof value === 'object' && value !== null ? (value as Column) : { 0: value };
}

function asRecord(value: unknown, index: number): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new IsvcError('ISVC_INPUT_INVALID', `instance ${index} must be an object like the first one, got ${describe(value)}`);
}
