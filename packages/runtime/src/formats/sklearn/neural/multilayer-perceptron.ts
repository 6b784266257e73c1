import type { Matrix } from '../../../model/model';
import { toFloat64 } from '../../numpy/elements';
import { readClassLabels } from '../class-labels';
import { type Classifier, FINITE, type Regressor } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { regressorOf } from '../regressor-of';
import { largestOf } from '../scores/largest-of';
import { expit, softmaxRow } from '../scores/links';

const ACTIVATIONS: Readonly<Record<string, (value: number) => number>> = {
  identity: (value) => value,
  logistic: expit,
  relu: (value) => (value > 0 ? value : 0),
  tanh: Math.tanh,
  exp: Math.exp,
};

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** `inputs * outputs` weights, input after input. */
  readonly weights: Float64Array;
  readonly offsets: Float64Array;
}

/** `MLPClassifier`: softmax over the classes, or for two classes one logistic unit. */
export function buildMlpClassifier(state: FittedState): Classifier {
  const labels = readClassLabels(state);
  const network = readNetwork(state);
  const { features, outputs, run } = network;
  if (state.memberOf(state.value('_label_binarizer'), '_label_binarizer').text('y_type_')?.startsWith('multilabel')) {
    throw state.unsupported('predicts several labels at once', 'fit one model for each label');
  }
  const binary = labels.count === 2;
  if (outputs !== (binary ? 1 : labels.count)) throw state.corrupt(`has ${outputs} outputs for ${labels.count} classes`);
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input: FINITE,
    hasProbabilities: true,
    classify(input, out) {
      const values = run(input);
      for (let row = 0; row < input.rows; row++) out[row] = binary ? Number((values[row] as number) > 0.5) : largestOf(values, row * outputs, outputs);
    },
    probabilities(input, out) {
      const values = run(input);
      if (!binary) return void out.set(values);
      for (let row = 0; row < input.rows; row++) {
        out[2 * row] = 1 - (values[row] as number);
        out[2 * row + 1] = values[row] as number;
      }
    },
  };
}

/** `MLPRegressor`. */
export function buildMlpRegressor(state: FittedState): Regressor {
  const { features, outputs, run } = readNetwork(state);
  return regressorOf(state, features, { columns: outputs, flat: outputs === 1, fill: (input, out) => out.set(run(input)) });
}

function readNetwork(state: FittedState): { readonly features: number; readonly outputs: number; readonly run: (input: Matrix) => Float64Array } {
  const layers = readLayers(state);
  const [first] = layers;
  const last = layers[layers.length - 1];
  if (!first || !last) throw state.corrupt('coefs_ is empty');
  const hidden = activationNamed(state, state.text('activation'));
  const final = state.text('out_activation_');
  const finish = final === 'softmax' ? undefined : activationNamed(state, final);
  const run = ({ rows, data }: Matrix): Float64Array => {
    const values = layers.reduce((input, layer) => {
      const activate = layer === last ? finish : hidden;
      const sums = weightedSums(layer, input, rows);
      return activate ? sums.map(activate) : sums;
    }, data);
    for (let row = 0; !finish && row < rows; row++) softmaxRow(values, row * last.outputs, last.outputs, values, row * last.outputs);
    return values;
  };
  return { features: state.features(first.inputs), outputs: last.outputs, run };
}

function readLayers(state: FittedState): readonly Layer[] {
  const offsets = state.list('intercepts_');
  let width = -1;
  return state.list('coefs_').map((value, index) => {
    const array = state.decode(value, `coefs_[${index}]`);
    const weights = toFloat64(array);
    const [inputs, outputs] = array.shape;
    const offset = toFloat64(state.decode(offsets[index], `intercepts_[${index}]`));
    if (!weights || array.shape.length !== 2 || inputs === undefined || outputs === undefined || outputs < 1 || offset?.length !== outputs || (width >= 0 && width !== inputs)) {
      throw state.corrupt(`coefs_[${index}] does not fit its neighbours`);
    }
    width = outputs;
    return { inputs, outputs, weights, offsets: offset };
  });
}

function weightedSums({ inputs, outputs, weights, offsets }: Layer, data: Float64Array, rows: number): Float64Array {
  const sums = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    const target = row * outputs;
    for (let input = 0; input < inputs; input++) {
      const value = data[row * inputs + input] as number;
      const start = input * outputs;
      for (let output = 0; output < outputs; output++) sums[target + output] = (sums[target + output] as number) + value * (weights[start + output] as number);
    }
    for (let output = 0; output < outputs; output++) sums[target + output] = (sums[target + output] as number) + (offsets[output] as number);
  }
  return sums;
}

function activationNamed(state: FittedState, name = ''): (value: number) => number {
  const activation = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  if (!activation) throw state.unsupported(`has the activation ${JSON.stringify(name.slice(0, 20))}`);
  return activation;
}
