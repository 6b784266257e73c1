import type { Matrix } from '../../model/model';
import { FINITE, type InputRule, type Transformer } from './estimator';
import { readFeatureNames } from './feature-names';
import type { FittedState } from './fitted-state';

/** A transformer that computes `columns` new numbers of each row; `fill` writes them to `out`. */
export function transformerOf(
  state: FittedState, features: number, columns: number, fill: (input: Matrix, out: Float64Array) => void, input: InputRule = FINITE,
): Transformer {
  return {
    kind: 'transformer',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    input,
    widest: Math.max(features, columns),
    transform: {
      columns,
      apply(matrix) {
        const data = new Float64Array(matrix.rows * columns);
        fill(matrix, data);
        return { rows: matrix.rows, columns, data };
      },
    },
  };
}

/** A transformer that maps each number by itself. */
export function cellTransformerOf(
  state: FittedState, features: number, map: (value: number, column: number) => number, input: InputRule = FINITE,
): Transformer {
  return transformerOf(state, features, features, ({ rows, data }, out) => {
    let index = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < features; column++) {
        out[index] = map(data[index] as number, column);
        index += 1;
      }
    }
  }, input);
}
