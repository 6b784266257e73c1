import type { Matrix } from '../../../model/model';
import { toFloat64 } from '../../numpy/elements';
import { type ClassLabels, readClassLabels } from '../class-labels';
import { type Classifier, FINITE } from '../estimator';
import type { FittedState } from '../fitted-state';
import { classifierFromScores } from '../scores/classifier-from-scores';
import { softmax } from '../scores/links';
import { IsvcError } from 'cdk8s-kserve/api';

/** Joint log-likelihood of each class, written to `out`. */
type Likelihoods = (input: Matrix, out: Float64Array) => void;

/** `GaussianNB`: a normal distribution for each class and column. */
export function buildGaussianNb(state: FittedState): Classifier {
  const labels = readClassLabels(state);
  const { columns: features } = state.matrix('theta_');
  const means = state.floats('theta_', [labels.count, features]);
  // The variance had the name sigma_ until 1.0.
  const variances = state.floats(state.has('var_') ? 'var_' : 'sigma_', [labels.count, features]);
  const priors = logOf(state.vector('class_prior_', labels.count));
  const constants = Float64Array.from({ length: labels.count }, (_, label) => {
    let sum = 0;
    for (let feature = 0; feature < features; feature++) sum += Math.log(2 * Math.PI * (variances[label * features + feature] as number));
    return (priors[label] as number) - 0.5 * sum;
  });
  return bayes(state, features, labels, ({ rows, data }, out) => {
    for (let row = 0; row < rows; row++) {
      for (let label = 0; label < labels.count; label++) {
        let sum = 0;
        for (let feature = 0; feature < features; feature++) {
          const index = label * features + feature;
          const distance = (data[row * features + feature] as number) - (means[index] as number);
          sum += (distance * distance) / (variances[index] as number);
        }
        out[row * labels.count + label] = (constants[label] as number) - 0.5 * sum;
      }
    }
  });
}

/** `MultinomialNB`: counts weighted by the logarithm of how often each column is met in a class. */
export function buildMultinomialNb(state: FittedState): Classifier {
  const { labels, features, weights } = readLogProbabilities(state);
  return bayes(state, features, labels, weightedSums(weights, readLogPriors(state, labels), features, labels.count));
}

/** `ComplementNB`: weights from all other classes; the prior only counts where there is one class. */
export function buildComplementNb(state: FittedState): Classifier {
  const { labels, features, weights } = readLogProbabilities(state);
  const priors = labels.count === 1 ? readLogPriors(state, labels) : new Float64Array(labels.count);
  return bayes(state, features, labels, weightedSums(weights, priors, features, labels.count));
}

/** `BernoulliNB`: whether each column is met or not. */
export function buildBernoulliNb(state: FittedState): Classifier {
  const { labels, features, weights } = readLogProbabilities(state);
  const threshold = state.has('binarize') ? state.number('binarize') : undefined;
  const absent = weights.map((weight) => Math.log(1 - Math.exp(weight)));
  const constants = readLogPriors(state, labels).map((prior, label) => {
    let sum = 0;
    for (let feature = 0; feature < features; feature++) sum += absent[label * features + feature] as number;
    return prior + sum;
  });
  const sums = weightedSums(weights.map((weight, index) => weight - (absent[index] as number)), constants, features, labels.count);
  return bayes(state, features, labels, (input, out) => {
    sums(threshold === undefined ? input : { ...input, data: input.data.map((value) => (value > threshold ? 1 : 0)) }, out);
  });
}

/** `CategoricalNB`: columns are numbers of categories. */
export function buildCategoricalNb(state: FittedState): Classifier {
  const labels = readClassLabels(state);
  const priors = readLogPriors(state, labels);
  const tables = state.list('feature_log_prob_').map((value) => {
    const array = state.decode(value, 'feature_log_prob_');
    const values = toFloat64(array);
    const [classes, categories] = array.shape;
    if (!values || classes !== labels.count || categories === undefined || array.shape.length !== 2) throw state.corrupt('feature_log_prob_ does not go with the classes');
    return { values, categories };
  });
  const features = state.features(tables.length);
  return bayes(state, features, labels, ({ rows, data }, out) => {
    for (let row = 0; row < rows; row++) {
      out.set(priors, row * labels.count);
      tables.forEach(({ values, categories }, feature) => {
        const category = Math.trunc(data[row * features + feature] as number);
        if (!(category >= 0 && category < categories)) {
          throw new IsvcError('ISVC_INPUT_INVALID', `row ${row}, column ${feature} is category ${category}, where CategoricalNB knows 0 to ${categories - 1}`);
        }
        for (let label = 0; label < labels.count; label++) {
          const target = row * labels.count + label;
          out[target] = (out[target] as number) + (values[label * categories + category] as number);
        }
      });
    }
  });
}

function bayes(state: FittedState, features: number, labels: ClassLabels, fill: Likelihoods): Classifier {
  return classifierFromScores(state, state.features(features), { labels, scores: { columns: labels.count, flat: false, fill }, input: FINITE, link: softmax, hasDecision: false });
}

function readLogProbabilities(state: FittedState): { readonly labels: ClassLabels; readonly features: number; readonly weights: Float64Array } {
  const labels = readClassLabels(state);
  const { columns: features } = state.matrix('feature_log_prob_');
  return { labels, features, weights: state.floats('feature_log_prob_', [labels.count, features]) };
}

function readLogPriors(state: FittedState, labels: ClassLabels): Float64Array {
  return state.vector('class_log_prior_', labels.count);
}

function logOf(values: Float64Array): Float64Array {
  return values.map(Math.log);
}

/** Skips zeros, which are nearly all of a bag of words. */
function weightedSums(weights: Float64Array, constants: Float64Array, features: number, classes: number): Likelihoods {
  return ({ rows, data }, out) => {
    for (let row = 0; row < rows; row++) {
      const target = row * classes;
      for (let label = 0; label < classes; label++) out[target + label] = 0;
      for (let feature = 0; feature < features; feature++) {
        const value = data[row * features + feature] as number;
        if (value === 0) continue;
        for (let label = 0; label < classes; label++) out[target + label] = (out[target + label] as number) + value * (weights[label * features + feature] as number);
      }
      for (let label = 0; label < classes; label++) out[target + label] = (out[target + label] as number) + (constants[label] as number);
    }
  };
}
