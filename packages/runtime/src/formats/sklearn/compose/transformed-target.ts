import { PickledGlobal } from '../../pickle/value';
import type { MemberBuilder, Regressor } from '../estimator';
import type { FittedState } from '../fitted-state';
import { NUMPY_FUNCTIONS } from './function-transformer';

/** Back from the transformed to the original target, one column at a time. */
type Inverse = (value: number, column: number) => number;

/** `TransformedTargetRegressor`: a regressor of a transformed target, whose answers are transformed back. */
export function buildTransformedTarget(state: FittedState, build: MemberBuilder): Regressor {
  const inner = build(state, state.value('regressor_'), 'regressor_');
  if (inner.kind !== 'regressor') throw state.unsupported(`holds ${inner.name}, which is not a regressor`);
  const { values } = inner;
  const inverse = readInverse(state.memberOf(state.value('transformer_'), 'transformer_'), values.columns);
  const flat = state.integer('_training_dim', 1, 2) === 1 && values.columns === 1;
  return {
    ...inner,
    name: state.estimator,
    datatype: 'FP64',
    values: {
      columns: values.columns,
      flat,
      fill(input, out) {
        values.fill(input, out);
        for (let index = 0; index < out.length; index++) out[index] = inverse(out[index] as number, index % values.columns);
      },
    },
  };
}

function readInverse(state: FittedState, columns: number): Inverse {
  switch (state.estimator) {
    case 'StandardScaler':
      return affine(state.flag('with_std') ? state.vector('scale_', columns) : undefined, state.flag('with_mean') ? state.vector('mean_', columns) : undefined);
    case 'RobustScaler':
      return affine(state.flag('with_scaling') ? state.vector('scale_', columns) : undefined, state.flag('with_centering') ? state.vector('center_', columns) : undefined);
    case 'MaxAbsScaler':
      return affine(state.vector('scale_', columns), undefined);
    case 'MinMaxScaler': {
      const [scale, offset] = [state.vector('scale_', columns), state.vector('min_', columns)];
      return (value, column) => (value - (offset[column] as number)) / (scale[column] as number);
    }
    case 'FunctionTransformer':
      return inverseFunction(state);
    default:
      throw state.unsupported('does not transform targets back here', 'use a scaler, or NumPy functions such as log1p and expm1');
  }
}

function affine(scale: Float64Array | undefined, center: Float64Array | undefined): Inverse {
  return (value, column) => value * (scale?.[column] ?? 1) + (center?.[column] ?? 0);
}

function inverseFunction(state: FittedState): Inverse {
  if (!state.has('inverse_func')) return (value) => value;
  const func = state.value('inverse_func');
  const name = func instanceof PickledGlobal && func.module.startsWith('numpy') ? func.name : '';
  const map = Object.hasOwn(NUMPY_FUNCTIONS, name) ? NUMPY_FUNCTIONS[name] : undefined;
  if (!map) throw state.unsupported('has an inverse function of its own', "use one of NumPy's, such as expm1");
  return map;
}
