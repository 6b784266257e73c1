import { interpolate, readLinearNorms } from '../expressions/norm-continuous';
import { compileDerivedField } from '../fields/derived-fields';
import type { Present } from '../fields/value';
import type { Element } from '../xml/element';
import { type CompileModelKind, type ModelContext, NOTHING, categoryOf, mostProbable, shares, softmax } from './model';
import type { Prediction } from '../prediction';

const ACTIVATIONS = {
  logistic: (z: number): number => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  identity: (z: number): number => z,
  exponential: Math.exp,
  reciprocal: (z: number): number => 1 / z,
  square: (z: number): number => z * z,
  Gauss: (z: number): number => Math.exp(-z * z),
  sine: Math.sin,
  cosine: Math.cos,
  Elliott: (z: number): number => z / (1 + Math.abs(z)),
  arctan: (z: number): number => (2 * Math.atan(z)) / Math.PI,
  rectifier: (z: number): number => Math.max(0, z),
} as const;
const ACTIVATION_NAMES = [...(Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]), 'threshold', 'radialBasis'] as const;
const NORMALIZATIONS = ['none', 'simplemax', 'softmax'] as const;

type Scale = (value: number) => number;

interface Neuron {
  readonly from: Int32Array;
  readonly weights: Float64Array;
  readonly bias: number;
  /** @param z the weighted sum; of a radial basis the sum of squared distances. */
  readonly activate: (z: number) => number;
  readonly radial: boolean;
}

interface Layer {
  /** Place of its first neuron among all values. */
  readonly start: number;
  readonly neurons: readonly Neuron[];
  readonly normalization: (typeof NORMALIZATIONS)[number];
}

/** NeuralNetwork: layers whose neurons are joined to any before them. */
export const compileNeuralNetwork: CompileModelKind = (element, context) => {
  const places = new Map<string, number>();
  const inputs = element.required('NeuralInputs').all('NeuralInput').map((input) => {
    place(input, places);
    const derived = input.required('DerivedField');
    return compileDerivedField(derived, derived.attribute('name') ?? input.requiredAttribute('id'), context.scope).read;
  });
  const layers = element.all('NeuralLayer').map((layer) => compileLayer(layer, element, places));
  const outputs = element.required('NeuralOutputs').all('NeuralOutput');
  const read = outputReader(outputs, places, context);
  const size = places.size;
  return (row) => {
    const values = new Float64Array(size);
    for (const [i, input] of inputs.entries()) {
      const value = input(row);
      if (value === undefined) return NOTHING;
      values[i] = Number(value);
    }
    for (const layer of layers) runLayer(layer, values, context);
    return read(values);
  };
};

function place(element: Element, places: Map<string, number>): number {
  const id = element.requiredAttribute('id');
  if (places.has(id)) throw element.corrupt(`has the id "${id.slice(0, 60)}", which another one has`);
  places.set(id, places.size);
  return places.size - 1;
}

function compileLayer(layer: Element, network: Element, places: Map<string, number>): Layer {
  const start = places.size;
  // Only values before the layer can be reached, so that there is no circle.
  const before = new Map(places);
  const attributeOf = (name: string, neuron?: Element): Element => [neuron, layer, network].find((one) => one?.attribute(name) !== undefined) ?? network;
  const normalization = attributeOf('normalizationMethod').oneOf('normalizationMethod', NORMALIZATIONS, 'none');
  const neurons = layer.all('Neuron').map((neuron): Neuron => {
    place(neuron, places);
    const joins = neuron.all('Con');
    const name = attributeOf('activationFunction').oneOf('activationFunction', ACTIVATION_NAMES);
    return {
      from: Int32Array.from(joins, (join) => {
        const from = before.get(join.requiredAttribute('from'));
        if (from === undefined) throw join.corrupt(`comes from "${join.attribute('from')?.slice(0, 60)}", which is nothing before its layer`);
        return from;
      }),
      weights: Float64Array.from(joins, (join) => join.number('weight')),
      bias: neuron.number('bias', 0),
      activate: activationOf(name, attributeOf, neuron, joins.length),
      radial: name === 'radialBasis',
    };
  });
  return { start, neurons, normalization };
}

function activationOf(name: (typeof ACTIVATION_NAMES)[number], attributeOf: (name: string, neuron?: Element) => Element, neuron: Element, joins: number): (z: number) => number {
  if (name === 'threshold') {
    const threshold = attributeOf('threshold').number('threshold', 0);
    return (z) => (z > threshold ? 1 : 0);
  }
  if (name !== 'radialBasis') return ACTIVATIONS[name];
  const width = attributeOf('width', neuron).number('width');
  const altitude = attributeOf('altitude', neuron).number('altitude', 1);
  return (z) => Math.exp(joins * Math.log(altitude) - z / (2 * width * width));
}

function runLayer({ start, neurons, normalization }: Layer, values: Float64Array, { round }: ModelContext): void {
  neurons.forEach(({ from, weights, bias, activate, radial }, n) => {
    let z = radial ? 0 : bias;
    for (let i = 0; i < from.length; i++) {
      const [value, weight] = [values[from[i] as number] as number, weights[i] as number];
      z = radial ? z + (value - weight) ** 2 : round(z + round(value * weight));
    }
    values[start + n] = round(activate(z));
  });
  if (normalization === 'none') return;
  const layer = new Map<Present, number>(neurons.map((_, n) => [n, values[start + n] as number]));
  for (const [n, share] of normalization === 'softmax' ? softmax(layer, round) : shares(layer, round)) values[start + Number(n)] = share;
}

/** Outputs of a classification are the categories' probabilities; that of a regression is turned back into its own scale. */
function outputReader(outputs: readonly Element[], places: ReadonlyMap<string, number>, context: ModelContext): (values: Float64Array) => Prediction {
  const read = outputs.map((output) => {
    const from = places.get(output.requiredAttribute('outputNeuron'));
    if (from === undefined) throw output.corrupt(`names the neuron "${output.attribute('outputNeuron')?.slice(0, 60)}", which is not there`);
    const expression = output.required('DerivedField').children.find((child) => child.name !== 'Extension');
    if (!expression) throw output.corrupt('has no expression');
    return { from, expression };
  });
  if (context.functionName === 'classification') {
    const categories = read.map(({ from, expression }) => {
      if (expression.name !== 'NormDiscrete') throw expression.unsupported('is no NormDiscrete, as outputs of a classification are');
      return [categoryOf(expression.requiredAttribute('value'), context, expression), from] as const;
    });
    return (values) => mostProbable(new Map(categories.map(([category, from]) => [category, values[from] as number])));
  }
  const [only] = read;
  if (!only || read.length > 1) throw (outputs[1] ?? outputs[0])?.unsupported(`is one of ${read.length} outputs; a regression has one here`) ?? new Error('no output');
  const back = inverseOf(only.expression);
  return (values) => ({ value: back(values[only.from] as number) });
}

function inverseOf(expression: Element): Scale {
  if (expression.name === 'FieldRef') return (value) => value;
  if (expression.name !== 'NormContinuous') throw expression.unsupported('is neither FieldRef nor NormContinuous, as the output of a regression is');
  const { orig, norm } = readLinearNorms(expression);
  const rising = (norm.at(-1) as number) > (norm[0] as number);
  const inverse = rising ? { orig: norm, norm: orig } : { orig: [...norm].reverse(), norm: [...orig].reverse() };
  return (value) => interpolate(inverse, value);
}


