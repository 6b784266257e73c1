import { readClassLabels } from '../class-labels';
import { ANY_WIDTH, ANYTHING, type Classifier, type Regressor } from '../estimator';
import type { FittedState } from '../fitted-state';
import { readFeatureNames } from '../feature-names';
import { regressorOf } from '../regressor-of';

/** `DummyRegressor`: the same values for every row. */
export function buildDummyRegressor(state: FittedState): Regressor {
  const constants = state.tensor('constant_').values;
  const outputs = state.integer('n_outputs_', 1, constants.length);
  const values = constants.subarray(0, outputs);
  return regressorOf(state, widthOf(state), {
    columns: outputs,
    flat: outputs === 1,
    fill(_input, out) {
      for (let index = 0; index < out.length; index++) out[index] = values[index % outputs] as number;
    },
  }, ANYTHING);
}

/** `DummyClassifier` with the strategies whose answers are no random numbers. */
export function buildDummyClassifier(state: FittedState): Classifier {
  const labels = readClassLabels(state);
  const strategy = state.text('strategy') ?? '';
  if (!['prior', 'most_frequent', 'constant'].includes(strategy)) throw state.unsupported(`has the strategy ${JSON.stringify(strategy.slice(0, 20))}`, 'choose prior, most_frequent or constant');
  const priors = state.vector('class_prior_', labels.count);
  const best = strategy === 'constant' ? constantOf(state, labels.values) : priors.indexOf(Math.max(...priors));
  const certain = strategy !== 'prior';
  const features = widthOf(state);
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input: ANYTHING,
    hasProbabilities: true,
    classify: ({ rows }, out) => void out.fill(best, 0, rows),
    probabilities(_input, out) {
      for (let index = 0; index < out.length; index++) {
        const label = index % labels.count;
        out[index] = certain ? Number(label === best) : (priors[label] as number);
      }
    },
  };
}

/** Dummies had no look at their input at all before 1.3. */
function widthOf(state: FittedState): number {
  return state.has('n_features_in_') ? state.features() : ANY_WIDTH;
}

function constantOf(state: FittedState, labels: readonly unknown[]): number {
  const constant = state.value('constant');
  const index = labels.indexOf(typeof constant === 'string' ? constant : state.number('constant'));
  if (index < 0) throw state.corrupt('constant is none of the classes');
  return index;
}
