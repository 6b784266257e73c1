import type { Datatype, Matrix } from '../../model/model';
import type { ClassLabels } from '../sklearn/class-labels';
import { ANYTHING, type Classifier, type InputRule, type Regressor } from '../sklearn/estimator';
import type { FittedState } from '../sklearn/fitted-state';

/** A booster inside a scikit-learn wrapper of its library. */
export interface WrappedBooster {
  readonly features: number;
  readonly featureNames?: readonly string[] | undefined;
  readonly datatype: Datatype & ('FP32' | 'FP64');
  /** Numbers answered for each row. */
  readonly outputs: number;
  predict(input: Matrix): Float32Array | Float64Array;
}

/** The wrappers check nothing that the booster does not check itself, but for text. */
const INPUT: InputRule = { ...ANYTHING, allowsText: false };

export function wrappedRegressor(state: FittedState, booster: WrappedBooster): Regressor {
  const { outputs, datatype } = booster;
  return {
    kind: 'regressor',
    ...common(state, booster),
    datatype,
    values: { columns: outputs, flat: outputs === 1, fill: (input, out) => out.set(booster.predict(input)) },
  };
}

/**
 * Two classes from one probability, or as many as there are.
 *
 * @throws IsvcError ISVC_MODEL_UNSUPPORTED where each row may have several labels, ISVC_MODEL_CORRUPT.
 */
export function wrappedClassifier(state: FittedState, booster: WrappedBooster, labels: ClassLabels): Classifier {
  const { outputs, datatype } = booster;
  if (labels.count === 2 && outputs > 2) throw state.unsupported('predicts several labels a row');
  if (labels.count < 2 || (outputs !== labels.count && !(outputs === 1 && labels.count === 2))) {
    throw state.corrupt(`has ${labels.count} classes where its trees have ${outputs} outputs`);
  }
  return {
    kind: 'classifier',
    ...common(state, booster),
    labels,
    hasProbabilities: true,
    probabilityDatatype: datatype,
    classify(input, out) {
      const answers = booster.predict(input);
      for (let row = 0; row < input.rows; row++) out[row] = outputs === 1 ? Number((answers[row] as number) > 0.5) : largestOf(answers, row * outputs, outputs);
    },
    probabilities(input, out) {
      const answers = booster.predict(input);
      if (outputs > 1) {
        out.set(answers);
        return;
      }
      const round = datatype === 'FP32' ? Math.fround : (value: number): number => value;
      for (let row = 0; row < input.rows; row++) {
        out[row * 2] = round(1 - (answers[row] as number));
        out[row * 2 + 1] = answers[row] as number;
      }
    },
  };
}

function common(state: FittedState, { features, featureNames }: WrappedBooster): Pick<Regressor, 'name' | 'features' | 'featureNames' | 'input'> {
  return { name: state.estimator, features, ...(featureNames ? { featureNames } : {}), input: INPUT };
}

/** Index of the largest of `count` values from `start` on; of equal ones the first. */
function largestOf(values: Float32Array | Float64Array, start: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((values[start + index] as number) > (values[start + best] as number)) best = index;
  }
  return best;
}
