import type { Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { transformerOf } from '../transformer-of';

/** `PCA` and `IncrementalPCA`: the rows less their mean, on each component, divided by its deviation where it whitens. */
export function buildPca(state: FittedState): Transformer {
  const { rows: components, columns } = state.matrix('components_');
  const features = state.features(columns);
  if (!state.flag('whiten')) return projection(state, features, state.has('mean_') ? state.vector('mean_', features) : undefined);
  // A component without variance is kept finite since 1.5.
  const least = state.savedBy(1, 5) ? 2 ** -52 : 0;
  const scales = state.vector('explained_variance_', components).map((variance) => Math.max(least, Math.sqrt(variance)));
  return projection(state, features, state.vector('mean_', features), scales);
}

/** `TruncatedSVD`, `GaussianRandomProjection`: the rows on each component. */
export function buildProjection(state: FittedState): Transformer {
  return projection(state, state.features(state.matrix('components_').columns));
}

/** `FastICA`: as `PCA`, less the mean where it whitens. */
export function buildFastIca(state: FittedState): Transformer {
  const features = state.features(state.matrix('components_').columns);
  return projection(state, features, state.has('mean_') ? state.vector('mean_', features) : undefined);
}

/** `RBFSampler`: cosines of random projections. */
export function buildRbfSampler(state: FittedState): Transformer {
  const { rows: features, columns, values } = state.matrix('random_weights_');
  const offsets = state.vector('random_offset_', columns);
  const scale = Math.sqrt(2 / columns);
  return transformerOf(state, state.features(features), columns, ({ rows, data }, out) => {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = offsets[column] as number;
        for (let feature = 0; feature < features; feature++) sum += (data[row * features + feature] as number) * (values[feature * columns + column] as number);
        out[row * columns + column] = Math.cos(sum) * scale;
      }
    }
  });
}

function projection(state: FittedState, features: number, means?: Float64Array, scales?: Float64Array): Transformer {
  const { rows: components, values } = state.matrix('components_');
  return transformerOf(state, features, components, ({ rows, data }, out) => {
    for (let row = 0; row < rows; row++) {
      for (let component = 0; component < components; component++) {
        let sum = 0;
        for (let feature = 0; feature < features; feature++) {
          const value = data[row * features + feature] as number;
          sum += (means ? value - (means[feature] as number) : value) * (values[component * features + feature] as number);
        }
        out[row * components + component] = scales ? sum / (scales[component] as number) : sum;
      }
    }
  });
}
