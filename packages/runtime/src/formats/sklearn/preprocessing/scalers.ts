import { FINITE_OR_NAN, type Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { cellTransformerOf } from '../transformer-of';

/** `StandardScaler`: minus the mean, divided by the deviation, each only where it was asked for. */
export function buildStandardScaler(state: FittedState): Transformer {
  return centered(state, state.flag('with_mean') ? 'mean_' : undefined, state.flag('with_std') ? 'scale_' : undefined);
}

/** `RobustScaler`: minus the median, divided by the range of the quantiles. */
export function buildRobustScaler(state: FittedState): Transformer {
  return centered(state, state.flag('with_centering') ? 'center_' : undefined, state.flag('with_scaling') ? 'scale_' : undefined);
}

/** `MaxAbsScaler`: divided by the largest absolute value. */
export function buildMaxAbsScaler(state: FittedState): Transformer {
  return state.flag('clip') ? clipped(centered(state, undefined, 'scale_'), -1, 1) : centered(state, undefined, 'scale_');
}

/** `MinMaxScaler`: times a scale, plus an offset, cut to the range where it was asked for. */
export function buildMinMaxScaler(state: FittedState): Transformer {
  const scale = state.vector('scale_');
  const features = state.features(scale.length);
  const offset = state.vector('min_', features);
  const scaler = cellTransformerOf(state, features, (value, column) => value * (scale[column] as number) + (offset[column] as number), FINITE_OR_NAN);
  if (!state.flag('clip')) return scaler;
  const range = state.value('feature_range');
  const [low, high] = Array.isArray(range) ? range : [];
  if (typeof low !== 'number' || typeof high !== 'number') throw state.corrupt('feature_range is not a pair of numbers');
  return clipped(scaler, low, high);
}

function centered(state: FittedState, center: string | undefined, scale: string | undefined): Transformer {
  const centers = center === undefined ? undefined : state.vector(center);
  const scales = scale === undefined ? undefined : state.vector(scale);
  const features = state.features(centers?.length ?? scales?.length);
  if (centers && scales && centers.length !== scales.length) throw state.corrupt(`${center} and ${scale} have different lengths`);
  return cellTransformerOf(state, features, (value, column) => {
    const moved = centers ? value - (centers[column] as number) : value;
    return scales ? moved / (scales[column] as number) : moved;
  }, FINITE_OR_NAN);
}

/** NaN stays NaN, as `Math.min` has it. */
function clipped(scaler: Transformer, low: number, high: number): Transformer {
  return {
    ...scaler,
    transform: {
      ...scaler.transform,
      apply(input) {
        const { rows, columns, data } = scaler.transform.apply(input);
        return { rows, columns, data: data.map((value) => Math.min(high, Math.max(low, value))) };
      },
    },
  };
}
