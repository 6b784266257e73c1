import { IsvcError } from 'cdk8s-kserve/api';
import { PickledObject } from '../../pickle/value';
import { FINITE_OR_NAN, type Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { cellTransformerOf } from '../transformer-of';

/** Distance to 1 of the next double, within which an exponent counts as 0 or 2. */
const EPSILON = 2 ** -52;

/** `PowerTransformer`: Yeo-Johnson or Box-Cox with one exponent a column, standardised where it was asked for. */
export function buildPowerTransformer(state: FittedState): Transformer {
  const lambdas = state.vector('lambdas_');
  const features = state.features(lambdas.length);
  const method = state.text('method');
  if (method !== 'yeo-johnson' && method !== 'box-cox') throw state.unsupported('has an unknown method');
  const power = method === 'box-cox' ? boxCox : yeoJohnson;
  const { means, scales } = standardization(state, features);
  return cellTransformerOf(state, features, (value, column) => {
    const result = power(value, lambdas[column] as number, column);
    return means && scales ? (result - (means[column] as number)) / (scales[column] as number) : result;
  }, FINITE_OR_NAN);
}

function standardization(state: FittedState, features: number): { readonly means?: Float64Array; readonly scales?: Float64Array } {
  if (!state.flag('standardize')) return {};
  const scaler = state.value('_scaler');
  if (!(scaler instanceof PickledObject)) throw state.corrupt('_scaler is not a scaler');
  const inner = state.member(scaler);
  return { means: inner.vector('mean_', features), scales: inner.vector('scale_', features) };
}

function yeoJohnson(value: number, lambda: number): number {
  if (value >= 0) return Math.abs(lambda) < EPSILON ? Math.log1p(value) : (Math.pow(value + 1, lambda) - 1) / lambda;
  if (Math.abs(lambda - 2) <= EPSILON) return -Math.log1p(-value);
  return -(Math.pow(1 - value, 2 - lambda) - 1) / (2 - lambda);
}

function boxCox(value: number, lambda: number, column: number): number {
  if (value <= 0) {
    throw new IsvcError('ISVC_INPUT_INVALID', `column ${column} has the value ${value}, where PowerTransformer with box-cox expects positive numbers`);
  }
  if (Math.abs(lambda) < EPSILON) return Math.log(value);
  return Math.expm1(lambda * Math.log(value)) / lambda;
}
