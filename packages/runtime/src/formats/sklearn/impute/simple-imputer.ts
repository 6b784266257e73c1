import type { Matrix } from '../../../model/model';
import { toFloat64 } from '../../numpy/elements';
import { parseNumber } from '../../numpy/parse-number';
import type { PickleValue } from '../../pickle/value';
import type { Transformer } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { besideEachOther } from '../matrices';
import { indicatorColumns } from './indicator-columns';
import { isMissingValue, readMissingMarker } from './missing-marker';

/** What stands in for a missing value of a column. */
type Filling = { readonly number: number } | { readonly text: string };

/** `SimpleImputer`: missing values replaced by one value a column; columns without any value are left out. */
export function buildSimpleImputer(state: FittedState): Transformer {
  const fillings = readFillings(state);
  const features = state.features(fillings.length);
  const marker = readMissingMarker(state);
  const strategy = state.text('strategy');
  // A constant has kept empty columns until 1.8.
  const keepsEmpty = state.flag('keep_empty_features') || (strategy === 'constant' && !state.savedBy(1, 8));
  const kept = fillings.flatMap((filling, column) => (keepsEmpty || !isNaN(filling) ? [column] : []));
  const flagged = state.flag('add_indicator') ? indicatorColumns(state, features) : [];
  const takesText = strategy !== 'mean' && strategy !== 'median' && state.array('statistics_').dtype.kind === 'O';
  const columns = kept.length + flagged.length;
  return {
    kind: 'transformer',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    input: { precision: 'double', allowsNaN: marker.isNaN, allowsText: takesText },
    transform: {
      columns,
      apply(input) {
        const parts = kept.map((column) => filledColumn(input, column, fillings[column] as Filling, (row) => isMissingValue(marker, input, row, column)));
        const flags = flagged.map((column): Matrix => ({
          rows: input.rows,
          columns: 1,
          data: Float64Array.from({ length: input.rows }, (_, row) => Number(isMissingValue(marker, input, row, column))),
        }));
        return besideEachOther([...parts, ...flags], input.rows);
      },
    },
  };
}

function filledColumn({ rows, columns, data, texts }: Matrix, column: number, filling: Filling, isMissing: (row: number) => boolean): Matrix {
  const values = new Float64Array(rows);
  let cells = texts?.get(column)?.slice();
  for (let row = 0; row < rows; row++) {
    values[row] = data[row * columns + column] as number;
    if (!isMissing(row)) continue;
    if ('number' in filling) {
      values[row] = filling.number;
      if (cells) cells[row] = undefined;
    } else {
      values[row] = NaN;
      cells ??= new Array<string | undefined>(rows).fill(undefined);
      cells[row] = filling.text;
    }
  }
  return { rows, columns: 1, data: values, ...(cells ? { texts: new Map([[0, cells]]) } : {}) };
}

function readFillings(state: FittedState): readonly Filling[] {
  const array = state.array('statistics_');
  const numbers = array.objects ? undefined : toFloat64(array);
  const values: readonly PickleValue[] = array.objects ?? Array.from(numbers ?? []);
  if (array.shape.length !== 1 || values.length === 0) throw state.corrupt('statistics_ must be a list of values');
  return values.map((value): Filling => {
    if (typeof value === 'string') return { text: value };
    const number = value === null ? NaN : parseNumber(value);
    if (number === undefined) throw state.unsupported('fills in values that are neither numbers nor text', 'fill in numbers or text');
    return { number };
  });
}

function isNaN(filling: Filling): boolean {
  return 'number' in filling && Number.isNaN(filling.number);
}
