import type { Matrix } from '../../../model/model';
import type { FittedState } from '../fitted-state';
import { readTrainingRows } from './training-rows';

/** Neighbours of one row, nearest first: places in the training data, and what each counts. */
export interface Neighbors {
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

export interface NearestRows {
  readonly features: number;
  readonly count: number;
  /** Calls `visit` for each row; what it is given is reused for the next. */
  forEach(input: Matrix, visit: (neighbors: Neighbors, row: number) => void): void;
}

/**
 * The training rows a neighbours model compares with, all of them: equal to its search trees, of equal distances the
 * first row.
 */
export function readNearestRows(state: FittedState): NearestRows {
  const { count, features, values, metric, byDistance } = readTrainingRows(state);
  const k = state.integer('n_neighbors', 1, count);
  const places = new Int32Array(k);
  const nearest = new Float64Array(k);
  const weights = new Float64Array(k).fill(1);
  return {
    features,
    count,
    forEach({ rows, data }, visit) {
      for (let row = 0; row < rows; row++) {
        let found = 0;
        for (let candidate = 0; candidate < count; candidate++) {
          const distance = metric.reduced(data, row * features, values, candidate * features, features);
          if (found === k && !(distance < (nearest[k - 1] as number))) continue;
          let place = found < k ? found++ : k - 1;
          for (; place > 0 && distance < (nearest[place - 1] as number); place--) {
            nearest[place] = nearest[place - 1] as number;
            places[place] = places[place - 1] as number;
          }
          nearest[place] = distance;
          places[place] = candidate;
        }
        if (byDistance) weigh(nearest, metric.finish, weights);
        visit({ places, weights }, row);
      }
    },
  };
}

/** One over the distance; where some are zero, only those count. */
function weigh(nearest: Float64Array, finish: (reduced: number) => number, weights: Float64Array): void {
  const hasZero = nearest[0] === 0;
  for (let index = 0; index < nearest.length; index++) {
    weights[index] = hasZero ? Number(nearest[index] === 0) : 1 / finish(nearest[index] as number);
  }
}
