import { PickledGlobal, PickledObject } from '../../pickle/value';
import { ANY_WIDTH, ANYTHING, FINITE, type Transformer } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';

/** NumPy's functions of one number that are known here by name. */
export const NUMPY_FUNCTIONS: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs, absolute: Math.abs, arcsinh: Math.asinh, cbrt: Math.cbrt, ceil: Math.ceil, cos: Math.cos, exp: Math.exp, exp2: (value) => 2 ** value,
  expm1: Math.expm1, fabs: Math.abs, floor: Math.floor, log: Math.log, log10: Math.log10, log1p: Math.log1p, log2: Math.log2, negative: (value) => -value,
  reciprocal: (value) => 1 / value, sign: (value) => (Number.isNaN(value) ? NaN : Math.sign(value)), sin: Math.sin, sqrt: Math.sqrt, square: (value) => value * value,
  tanh: Math.tanh, trunc: Math.trunc,
};

/** `FunctionTransformer` without a function, or with one of NumPy's; it takes any number of columns. */
export function buildFunctionTransformer(state: FittedState): Transformer {
  const features = state.has('n_features_in_') ? state.features() : ANY_WIDTH;
  const map = readFunction(state);
  if (state.has('kw_args') && map) throw state.unsupported('has arguments for its function', 'leave kw_args out');
  return {
    kind: 'transformer',
    name: state.estimator,
    features,
    ...(features === ANY_WIDTH ? {} : readFeatureNames(state, features)),
    input: map || state.flag('validate') ? { ...(state.flag('validate') ? FINITE : ANYTHING), allowsText: false } : ANYTHING,
    transform: { columns: features, apply: (input) => (map ? { ...input, data: input.data.map((value) => map(value)) } : input) },
  };
}

function readFunction(state: FittedState): ((value: number) => number) | undefined {
  const func = state.has('func') ? state.value('func') : undefined;
  if (func === undefined || isCheck(func)) return undefined;
  const name = func instanceof PickledGlobal && func.module.startsWith('numpy') ? func.name : '';
  const map = Object.hasOwn(NUMPY_FUNCTIONS, name) ? NUMPY_FUNCTIONS[name] : undefined;
  if (!map) throw state.unsupported('has a function of its own', `use one of NumPy's (${Object.keys(NUMPY_FUNCTIONS).slice(0, 8).join(', ')}, ...), or export the model as ONNX`);
  return map;
}

/** Histogram boosting passes its numeric columns through a check of its own, which changes nothing. */
function isCheck(func: unknown): boolean {
  if (!(func instanceof PickledObject) || func.callee.name !== 'partial') return false;
  const [inner] = func.args;
  return inner instanceof PickledGlobal && inner.module === 'sklearn.utils.validation' && inner.name === 'check_array';
}
