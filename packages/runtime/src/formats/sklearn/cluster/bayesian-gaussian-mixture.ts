import { toFloat64 } from '../../numpy/elements';
import type { Classifier } from '../estimator';
import type { FittedState } from '../fitted-state';
import { digamma } from '../numeric/digamma';
import { mixtureOf } from './gaussian-mixture';

/** `BayesianGaussianMixture`: the likeliest component, expected over what is left open of weights and precisions. */
export function buildBayesianGaussianMixture(state: FittedState): Classifier {
  const { rows: count, columns: features } = state.matrix('means_');
  const freedom = perComponent(state, 'degrees_of_freedom_', count);
  const precisions = perComponent(state, 'mean_precision_', count);
  const logWeights = expectedLogWeights(state, count);
  const shifts = Float64Array.from({ length: count }, (_, index) => {
    const degrees = freedom[index] as number;
    let logLambda = features * Math.LN2;
    for (let feature = 0; feature < features; feature++) logLambda += digamma(0.5 * (degrees - feature));
    return (logWeights[index] as number) - 0.5 * features * Math.log(degrees) + 0.5 * (logLambda - features / (precisions[index] as number));
  });
  return mixtureOf(state, shifts);
}

/** One number for all components where they share a covariance. */
function perComponent(state: FittedState, name: string, count: number): Float64Array {
  const { shape, values } = state.tensor(name);
  if (shape.length === 0) return new Float64Array(count).fill(values[0] as number);
  if (shape.length !== 1 || values.length !== count) throw state.corrupt(`${name} must have ${count} numbers`);
  return values;
}

function expectedLogWeights(state: FittedState, count: number): Float64Array {
  if (state.text('weight_concentration_prior_type') !== 'dirichlet_process') {
    const concentration = state.vector('weight_concentration_', count);
    const whole = digamma(concentration.reduce((sum, value) => sum + value, 0));
    return concentration.map((value) => digamma(value) - whole);
  }
  const [first, second] = state.list('weight_concentration_').map((value) => toFloat64(state.decode(value, 'weight_concentration_')));
  if (!first || !second || first.length !== count || second.length !== count) throw state.corrupt(`weight_concentration_ must be two lists of ${count} numbers`);
  let rest = 0;
  return first.map((value, index) => {
    const both = digamma(value + (second[index] as number));
    const weight = digamma(value) - both + rest;
    rest += digamma(second[index] as number) - both;
    return weight;
  });
}
