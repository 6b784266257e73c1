import { toFloat64 } from '../../numpy/elements';
import { PickledObject } from '../../pickle/value';
import { readClassLabels } from '../class-labels';
import type { Classifier, Estimator, InputRule, MemberBuilder, Regressor, RowNumbers, Transform } from '../estimator';
import type { FittedState } from '../fitted-state';
import { regressorOf } from '../regressor-of';
import { classifierFromScores } from '../scores/classifier-from-scores';
import { binarySigmoid, softmax } from '../scores/links';
import { type HistogramTree, type KnownCategories, leafValue, readHistogramTree } from './histogram-trees';

/** Losses of `HistGradientBoostingRegressor` that predict the logarithm. */
const LOG_LOSSES: readonly string[] = ['poisson', 'gamma'];

/** `HistGradientBoostingRegressor`. */
export function buildHistogramRegressor(state: FittedState, build: MemberBuilder): Regressor {
  const { features, input, scores } = readBooster(state, build, 1);
  const exponential = LOG_LOSSES.includes(state.text('loss') ?? '');
  const values: RowNumbers = exponential
    ? { ...scores, fill: (matrix, out) => {
      scores.fill(matrix, out);
      for (let index = 0; index < out.length; index++) out[index] = Math.exp(out[index] as number);
    } }
    : scores;
  return regressorOf(state, features, values, input);
}

/** `HistGradientBoostingClassifier`. */
export function buildHistogramClassifier(state: FittedState, build: MemberBuilder): Classifier {
  const labels = readClassLabels(state);
  const { features, input, scores } = readBooster(state, build, labels.count > 2 ? labels.count : 1);
  // Both classes equally likely went to the first one until 1.4.
  return classifierFromScores(state, features, { labels, scores, input, link: labels.count > 2 ? softmax : binarySigmoid, zeroIsSecond: state.savedBy(1, 4) });
}

interface Booster {
  readonly features: number;
  readonly input: InputRule;
  readonly scores: RowNumbers;
}

function readBooster(state: FittedState, build: MemberBuilder, columns: number): Booster {
  const features = state.features();
  const encoder = state.has('_preprocessor') ? encoderOf(state, build(state, state.value('_preprocessor'), '_preprocessor')) : undefined;
  if (encoder && encoder.columns !== features) throw state.corrupt('_preprocessor does not keep the number of columns');
  const trees = state.list('_predictors').flatMap((stage) => {
    if (!Array.isArray(stage) || stage.length !== columns) throw state.corrupt(`_predictors has a stage without ${columns} trees`);
    return stage.map((tree) => readHistogramTree(state, tree, features));
  });
  const baseline = state.tensor('_baseline_prediction').values;
  if (baseline.length !== columns) throw state.corrupt(`_baseline_prediction has ${baseline.length} numbers for ${columns} scores`);
  return {
    features,
    input: { precision: 'double', allowsNaN: true, allowsInfinity: true, allowsText: encoder !== undefined },
    scores: sumOf(trees, columns, baseline, readKnownCategories(state, features), encoder),
  };
}

function sumOf(trees: readonly HistogramTree[], columns: number, baseline: Float64Array, known: KnownCategories, encoder: Transform | undefined): RowNumbers {
  return {
    columns,
    flat: columns === 1,
    fill(matrix, out) {
      const { rows, columns: features, data } = encoder ? encoder.apply(matrix) : matrix;
      for (let index = 0; index < rows * columns; index++) out[index] = baseline[index % columns] as number;
      trees.forEach((tree, index) => {
        const column = index % columns;
        for (let row = 0; row < rows; row++) {
          const target = row * columns + column;
          out[target] = (out[target] as number) + leafValue(tree, data, row * features, known);
        }
      });
    },
  };
}

function encoderOf(state: FittedState, encoder: Estimator): Transform {
  if (encoder.kind !== 'transformer') throw state.corrupt('_preprocessor does not transform');
  return encoder.transform;
}

/** The mapper of bins keeps, for a feature of categories, those that were seen. */
function readKnownCategories(state: FittedState, features: number): KnownCategories {
  const known = new Map<number, ReadonlySet<number>>();
  const mapper = state.has('_bin_mapper') ? state.value('_bin_mapper') : undefined;
  if (!(mapper instanceof PickledObject)) return known;
  const inner = state.member(mapper);
  if (!inner.has('is_categorical_')) return known;
  const isCategorical = inner.vector('is_categorical_', features);
  const bins = inner.list('bin_thresholds_');
  isCategorical.forEach((categorical, feature) => {
    if (!categorical) return;
    const categories = toFloat64(inner.decode(bins[feature], 'bin_thresholds_'));
    if (!categories) throw state.corrupt('bin_thresholds_ does not hold numbers');
    known.set(feature, new Set(categories));
  });
  return known;
}
