import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix, Model } from '../model/model';
import { matrixFromRecords } from './matrix-from-records';
import { describe, readNumber } from './read-number';
import { TextCells } from './text-cells';

/**
 * The `instances` (or `inputs`) of a V1 request as one matrix. Each instance is a row of numbers or an object of named
 * values; see `matrixFromRecords` for the latter. A model of documents takes plain texts, and one that takes text takes it
 * in any cell.
 *
 * @param instances at least one.
 * @throws IsvcError ISVC_INPUT_INVALID naming the first value that does not fit. The width is the model's to check.
 */
export function matrixFromInstances(instances: readonly unknown[], model: Model): Matrix {
  const first = instances[0];
  if (Array.isArray(first)) return isRecord(first[0]) ? matrixFromRecords(instances.flat(1), model) : matrixFromRows(instances, first.length, model);
  if (isRecord(first)) return matrixFromRecords(instances, model);
  if (typeof first === 'string' && model.takesText && model.features === 1) return matrixFromRows(instances.map((text) => [text]), 1, model);
  throw new IsvcError('ISVC_INPUT_INVALID', `every instance must be an array of numbers or an object of named values, got ${describe(first)}`, {
    hint: 'a single row is [[1, 2, 3]], not [1, 2, 3]',
  });
}

function matrixFromRows(rows: readonly unknown[], columns: number, model: Model): Matrix {
  const cells = model.takesText ? new TextCells() : undefined;
  const data = new Float64Array(rows.length * columns);
  let next = 0;
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    if (!Array.isArray(row)) throw new IsvcError('ISVC_INPUT_INVALID', `row ${r} must be an array like row 0, got ${describe(row)}`);
    if (row.length !== columns) {
      throw new IsvcError('ISVC_INPUT_INVALID', `row ${r} has ${row.length} values where row 0 has ${columns}; all rows must have the same length`);
    }
    for (let c = 0; c < columns; c++) {
      const value: unknown = row[c];
      if (typeof value === 'number') {
        data[next++] = value;
      } else if (typeof value === 'string' && cells) {
        cells.add(r, c, value);
        data[next++] = Number.NaN;
      } else {
        data[next++] = readNumber(value, r, c);
      }
    }
  }
  return { rows: rows.length, columns, data, ...cells?.texts(rows.length) };
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
