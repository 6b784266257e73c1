import type { Matrix } from '../../../model/model';
import type { PickledObject, PickleValue } from '../../pickle/value';
import { type ClassLabels, readClassLabels } from '../class-labels';
import type { Classifier, MemberBuilder } from '../estimator';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { classifierFromProbabilities } from '../scores/classifier-from-probabilities';
import { expit, softmaxRow } from '../scores/links';
import { interpolate } from '../preprocessing/quantile-transformer';
import { asClassifier, checkWidths, placesOf } from './members';

/** Maps one score to a probability. */
type Calibrator = (score: number) => number;

/** One classifier with its calibrators; fills probabilities of all classes. */
interface Calibrated {
  readonly classifier: Classifier;
  readonly fill: (input: Matrix, out: Float64Array) => void;
}

/** `CalibratedClassifierCV`: the mean over the folds of scores turned into probabilities. */
export function buildCalibratedClassifier(state: FittedState, build: MemberBuilder): Classifier {
  const labels = readClassLabels(state);
  const members = state.list('calibrated_classifiers_').map((member) => readCalibrated(state.memberOf(member, 'a calibrated classifier'), build, labels));
  const [first] = members;
  if (!first) throw state.corrupt('calibrated_classifiers_ is empty');
  const { features } = first.classifier;
  checkWidths(state, members.map(({ classifier }) => classifier), features);
  const input = strictestOf(members.map(({ classifier }) => classifier.input));
  return classifierFromProbabilities(state, features, labels, input, (matrix, out) => {
    const part = new Float64Array(out.length);
    out.fill(0);
    for (const { fill } of members) {
      fill(matrix, part);
      for (let index = 0; index < out.length; index++) out[index] = (out[index] as number) + (part[index] as number);
    }
    for (let index = 0; index < out.length; index++) out[index] = (out[index] as number) / members.length;
  });
}

function readCalibrated(state: FittedState, build: MemberBuilder, labels: ClassLabels): Calibrated {
  const attribute = state.has('estimator') ? 'estimator' : 'base_estimator';
  const classifier = asClassifier(state, build(state, state.value(attribute), attribute));
  const binary = labels.count === 2;
  const scores = scoresOf(state, classifier, binary);
  const places = placesOf(state, classifier.labels, labels);
  const width = binary ? 1 : classifier.labels.count;
  const calibrators = state.list(state.has('calibrators') ? 'calibrators' : 'calibrators_');
  if (state.text('method') === 'temperature') return { classifier, fill: temperature(state, calibrators[0], classifier, labels.count) };
  const maps = calibrators.map((calibrator) => readCalibrator(state.memberOf(calibrator, 'a calibrator')));
  if (maps.length !== width) throw state.corrupt(`has ${maps.length} calibrators for ${width} scores`);
  return {
    classifier,
    fill(input, out) {
      const values = scores(input);
      out.fill(0);
      for (let row = 0; row < input.rows; row++) {
        for (let index = 0; index < width; index++) {
          out[row * labels.count + (binary ? 1 : (places[index] as number))] = (maps[index] as Calibrator)(values[row * width + index] as number);
        }
        normalize(out, row * labels.count, labels.count);
      }
    },
  };
}

/** The decision function where there is one, else the probabilities; for two classes, of the second alone. */
function scoresOf(state: FittedState, classifier: Classifier, binary: boolean): (input: Matrix) => Float64Array {
  const { decision, labels } = classifier;
  if (decision) {
    if (decision.columns !== (binary ? 1 : labels.count)) throw state.corrupt('the decision function has another number of classes');
    return (input) => {
      const values = new Float64Array(input.rows * decision.columns);
      decision.fill(input, values);
      return values;
    };
  }
  if (!classifier.hasProbabilities) throw state.corrupt(`${classifier.name} has neither scores nor probabilities`);
  return (input) => {
    const values = new Float64Array(input.rows * labels.count);
    classifier.probabilities(input, values);
    return binary ? values.filter((_, index) => index % 2 === 1) : values;
  };
}

function normalize(out: Float64Array, start: number, classes: number): void {
  if (classes === 2) {
    out[start] = 1 - (out[start + 1] as number);
  } else {
    let sum = 0;
    for (let index = start; index < start + classes; index++) sum += out[index] as number;
    // Where every class got zero, each is as likely as the other.
    for (let index = start; index < start + classes; index++) out[index] = sum === 0 ? 1 / classes : (out[index] as number) / sum;
  }
  for (let index = start; index < start + classes; index++) {
    const value = out[index] as number;
    if (value > 1 && value <= 1 + 1e-5) out[index] = 1;
  }
}

function readCalibrator(state: FittedState): Calibrator {
  if (state.estimator === '_SigmoidCalibration') {
    const slope = state.number('a_');
    const offset = state.number('b_');
    return (score) => expit(-(slope * score + offset));
  }
  if (state.estimator !== 'IsotonicRegression') throw state.unsupported('is a calibrator that is not evaluated here');
  const positions = state.vector('X_thresholds_');
  const values = state.vector('y_thresholds_', positions.length);
  if (positions.length === 0) throw state.corrupt('has no thresholds');
  // Beyond the ends `interpolate` gives the end values, which is what out_of_bounds="clip" asks for.
  return (score) => interpolate(score, positions, values);
}

/** `method="temperature"`: a softmax of the scores divided by one number. */
function temperature(state: FittedState, value: PickleValue | undefined, classifier: Classifier, classes: number): Calibrated['fill'] {
  const beta = state.memberOf(value as PickledObject | undefined, 'the temperature').number('beta_');
  const { decision } = classifier;
  const columns = decision?.columns ?? classes;
  return (input, out) => {
    const scores = new Float64Array(input.rows * columns);
    if (decision) decision.fill(input, scores);
    else classifier.probabilities(input, scores);
    const logits = new Float64Array(input.rows * classes);
    for (let index = 0; index < logits.length; index++) {
      if (!decision) logits[index] = beta * Math.log((scores[index] as number) + Number.MIN_VALUE);
      else if (columns === 1) logits[index] = index % 2 === 0 ? 0 : 2 * beta * (scores[index >> 1] as number);
      else logits[index] = beta * (scores[index] as number);
    }
    for (let row = 0; row < input.rows; row++) softmaxRow(logits, row * classes, classes, out, row * classes);
  };
}
