import type { Estimator, MemberBuilder, Transformer } from '../estimator';
import { FINITE, FINITE_OR_NAN, type InputRule } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { selectColumns } from '../matrices';
import { featureImportances } from './feature-importances';

/** `VarianceThreshold`: columns that vary enough. */
export function buildVarianceThreshold(state: FittedState): Transformer {
  const threshold = state.number('threshold');
  return selected(state, state.vector('variances_'), (variance) => variance > threshold, FINITE_OR_NAN);
}

/** `SelectFpr` and `SelectFwe`: columns of small enough p-values. */
export function buildSelectByPValue(state: FittedState): Transformer {
  return byPValue(state, 'alpha', state.estimator === 'SelectFwe');
}

function byPValue(state: FittedState, name: string, familyWise: boolean): Transformer {
  const values = state.vector('pvalues_');
  const alpha = state.number(name) / (familyWise ? values.length : 1);
  return selected(state, values, (value) => value < alpha);
}

/** `SelectFdr`: the rule of Benjamini and Hochberg. */
export function buildSelectFdr(state: FittedState): Transformer {
  return byDiscoveryRate(state, 'alpha');
}

function byDiscoveryRate(state: FittedState, name: string): Transformer {
  const values = state.vector('pvalues_');
  const sorted = Float64Array.from(values).sort();
  const alpha = state.number(name);
  const passing = sorted.filter((value, index) => value <= (alpha / values.length) * (index + 1));
  const limit = passing[passing.length - 1] ?? -Infinity;
  return selected(state, values, (value) => value <= limit);
}

/** `SelectKBest`: the k columns of the highest scores, of equal ones the last. */
export function buildSelectKBest(state: FittedState): Transformer {
  return byRank(state, 'k');
}

function byRank(state: FittedState, name: string): Transformer {
  const scores = cleanScores(state);
  if (state.text(name) === 'all') return selected(state, scores, () => true);
  const k = state.integer(name, 0, scores.length);
  const order = Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number) || a - b);
  const kept = new Set(order.slice(scores.length - k));
  return selected(state, scores, (_score, column) => kept.has(column));
}

/** `SelectPercentile`: the columns above a percentile of the scores, and as many at it as still fit. */
export function buildSelectPercentile(state: FittedState): Transformer {
  return byPercentile(state, 'percentile');
}

function byPercentile(state: FittedState, name: string): Transformer {
  const scores = cleanScores(state);
  const percentile = state.number(name);
  if (percentile === 100) return selected(state, scores, () => true);
  if (percentile === 0) return selected(state, scores, () => false);
  const threshold = percentileOf(scores, 100 - percentile);
  const mask = Uint8Array.from(scores, (score) => Number(score > threshold));
  let room = Math.trunc((scores.length * percentile) / 100) - mask.reduce((sum, flag) => sum + flag, 0);
  scores.forEach((score, column) => {
    if (score === threshold && room-- > 0) mask[column] = 1;
  });
  return selected(state, scores, (_score, column) => mask[column] === 1);
}

/** `GenericUnivariateSelect`: one of the rules above, by name. */
export function buildGenericSelect(state: FittedState): Transformer {
  const mode = state.text('mode');
  switch (mode) {
    case 'percentile': return byPercentile(state, 'param');
    case 'k_best': return byRank(state, 'param');
    case 'fpr': return byPValue(state, 'param', false);
    case 'fwe': return byPValue(state, 'param', true);
    case 'fdr': return byDiscoveryRate(state, 'param');
    default: throw state.corrupt('mode is none of percentile, k_best, fpr, fdr, fwe');
  }
}

/** Selectors that keep their mask: `RFE`, `RFECV`, `SequentialFeatureSelector`. The first two predict as well. */
export function buildSelectBySupport(state: FittedState): Transformer {
  return selected(state, state.vector('support_'), (flag) => flag !== 0);
}

/** `SelectFromModel`: columns that matter enough to a model. */
export function buildSelectFromModel(state: FittedState, _build: MemberBuilder): Transformer {
  const importances = featureImportances(state, state.memberOf(state.value(state.has('estimator_') ? 'estimator_' : 'estimator'), 'estimator_'));
  const { values, threshold } = importances;
  const limit = state.has('max_features_') ? state.integer('max_features_', 0, values.length) : values.length;
  const order = Array.from(values.keys()).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
  const kept = new Set(order.slice(0, limit));
  return selected(state, values, (value, column) => value >= threshold && kept.has(column));
}

function selected(state: FittedState, values: Float64Array, keeps: (value: number, column: number) => boolean, input: InputRule = FINITE): Transformer {
  const features = state.features(values.length);
  const indices = Int32Array.from(values.keys()).filter((column) => keeps(values[column] as number, column));
  return {
    kind: 'transformer',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    input,
    transform: { columns: indices.length, apply: (matrix) => selectColumns(matrix, indices) },
  } satisfies Estimator;
}

/** A score that could not be computed counts as the lowest. */
function cleanScores(state: FittedState): Float64Array {
  return state.vector('scores_').map((score) => (Number.isNaN(score) ? -Number.MAX_VALUE : score));
}

/** NumPy's linear interpolation. */
export function percentileOf(values: Float64Array, percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = (percent / 100) * (sorted.length - 1);
  const low = Math.floor(place);
  const below = sorted[low] as number;
  const above = sorted[Math.min(low + 1, sorted.length - 1)] as number;
  return below + (above - below) * (place - low);
}
