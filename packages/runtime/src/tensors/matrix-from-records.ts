import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix, Model } from '../model/model';
import { describe, readNumber } from './read-number';

/**
 * Rows given as objects. Columns come in the order of the model's own names where it has them, otherwise in the order of
 * the first object's keys. An object is one row of scalars (`{"a": 1}`), or a small frame whose columns are arrays
 * (`{"a": [1, 2]}`) or objects keyed by row index (`{"a": {"0": 1, "1": 2}}`), which are the forms KServe reads.
 *
 * Names the model does not know are ignored.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for a column that is missing and for columns of unequal length.
 */
export function matrixFromRecords(records: readonly unknown[], model: Model): Matrix {
  const names = model.featureNames ?? Object.keys(asRecord(records[0], 0));
  const values: number[] = [];
  let rows = 0;
  for (let i = 0; i < records.length; i++) {
    rows += appendFrame(values, asRecord(records[i], i), names, rows);
  }
  return { rows, columns: names.length, data: Float64Array.from(values) };
}

/** @returns how many rows it appended. */
function appendFrame(values: number[], record: Record<string, unknown>, names: readonly string[], row: number): number {
  const columns = names.map((name) => columnOf(record, name, row));
  const length = columns[0]?.length ?? 0;
  for (let c = 0; c < columns.length; c++) {
    if (columns[c]?.length !== length) {
      throw new IsvcError('ISVC_INPUT_INVALID', `row ${row}: column "${names[c]}" has ${columns[c]?.length} values where "${names[0]}" has ${length}`);
    }
  }
  for (let r = 0; r < length; r++) {
    for (let c = 0; c < columns.length; c++) values.push(readNumber(columns[c]?.[r], row + r, names[c] ?? c));
  }
  return length;
}

function columnOf(record: Record<string, unknown>, name: string, row: number): readonly unknown[] {
  if (!Object.hasOwn(record, name)) {
    throw new IsvcError('ISVC_INPUT_INVALID', `row ${row} lacks the column "${name}"`, {
      hint: `its columns are ${Object.keys(record).slice(0, 20).map((key) => `"${key.slice(0, 40)}"`).join(', ') || 'none'}`,
    });
  }
  const value = record[name];
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [value];
}

function asRecord(value: unknown, index: number): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new IsvcError('ISVC_INPUT_INVALID', `instance ${index} must be an object like the first one, got ${describe(value)}`);
}
