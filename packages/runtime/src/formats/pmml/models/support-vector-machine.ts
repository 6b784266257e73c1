import { arrayNumbers } from '../fields/text-array';
import type { Compute } from '../fields/row';
import { type Present, literal } from '../fields/value';
import type { Element } from '../xml/element';
import { type CompileModelKind, type ModelContext, NOTHING, best, categoryOf } from './model';
import type { Prediction } from '../prediction';

type Kernel = (x: Float64Array, y: Float64Array) => number;

interface Machine {
  readonly category?: Present;
  readonly alternate?: Present;
  readonly threshold: number;
  readonly decide: (x: Float64Array) => number;
}

/** SupportVectorMachineModel with support vectors, for classification and regression. */
export const compileSupportVectorMachine: CompileModelKind = (element, context) => {
  const dictionary = element.required('VectorDictionary');
  const point = pointReader(dictionary.required('VectorFields'), context);
  const vectors = new Map(dictionary.all('VectorInstance').map((instance) => [instance.requiredAttribute('id'), vectorOf(instance, point.length)]));
  const kernel = kernelOf(element);
  const machines = element.all('SupportVectorMachine').map((machine) => compileMachine(machine, element, vectors, kernel, point.length, context));
  const decide = context.functionName === 'classification' ? classify(element, machines) : regress(element, machines);
  return (row) => {
    const x = point.read(row);
    return x ? decide(x) : NOTHING;
  };
};

function regress(element: Element, machines: readonly Machine[]): (x: Float64Array) => Prediction {
  const [only] = machines;
  if (!only || machines.length > 1) throw element.corrupt(`has ${machines.length} machines, a regression has one`);
  return (x) => ({ value: only.decide(x) });
}

function classify(element: Element, machines: readonly Machine[]): (x: Float64Array) => Prediction {
  const maxWins = element.flag('maxWins');
  const oneAgainstOne = element.oneOf('classificationMethod', ['OneAgainstAll', 'OneAgainstOne'], 'OneAgainstAll') === 'OneAgainstOne';
  if (!oneAgainstOne && machines.every(({ alternate }) => alternate === undefined)) {
    return (x) => {
      const scores = new Map(machines.map(({ category, decide }) => [category as Present, (maxWins ? 1 : -1) * decide(x)]));
      return { value: best(scores) };
    };
  }
  return (x) => {
    const votes = new Map<Present, number>();
    for (const { category, alternate, threshold, decide } of machines) {
      const value = decide(x);
      const first = maxWins ? value > threshold : value < threshold;
      const voted = (first ? category : alternate) as Present;
      for (const one of [category, alternate] as Present[]) if (!votes.has(one)) votes.set(one, 0);
      votes.set(voted, (votes.get(voted) ?? 0) + 1);
    }
    return { value: best(votes) };
  };
}

function compileMachine(element: Element, model: Element, vectors: ReadonlyMap<string, Float64Array>, kernel: Kernel, width: number, context: ModelContext): Machine {
  const coefficients = element.required('Coefficients');
  const absolute = coefficients.number('absoluteValue', 0);
  const weights = coefficients.all('Coefficient').map((one) => one.number('value', 0));
  const base = {
    threshold: [element, model].find((one) => one.attribute('threshold') !== undefined)?.number('threshold') ?? 0,
    ...categories(element, context),
  };
  if (model.oneOf('svmRepresentation', ['SupportVectors', 'Coefficients'], 'SupportVectors') === 'Coefficients') {
    if (weights.length !== width) throw element.corrupt(`has ${weights.length} coefficients for ${width} fields`);
    return { ...base, decide: (x) => weights.reduce((sum, weight, i) => sum + weight * (x[i] as number), absolute) };
  }
  const support = element.required('SupportVectors').all('SupportVector').map((one) => {
    const vector = vectors.get(one.requiredAttribute('vectorId'));
    if (!vector) throw one.corrupt(`names the vector "${one.attribute('vectorId')?.slice(0, 60)}", which is not there`);
    return vector;
  });
  if (support.length !== weights.length) throw element.corrupt(`has ${support.length} support vectors and ${weights.length} coefficients`);
  return {
    ...base,
    decide: (x) => {
      let sum = absolute;
      for (let i = 0; i < support.length; i++) sum += (weights[i] as number) * kernel(x, support[i] as Float64Array);
      return sum;
    },
  };
}

function categories(element: Element, context: ModelContext): { readonly category?: Present; readonly alternate?: Present } {
  if (context.functionName !== 'classification') return {};
  const alternate = element.attribute('alternateTargetCategory');
  return { category: categoryOf(element.requiredAttribute('targetCategory'), context, element), ...(alternate === undefined ? {} : { alternate: categoryOf(alternate, context, element) }) };
}

function pointReader(fields: Element, { scope }: ModelContext): { readonly length: number; readonly read: Compute<Float64Array | undefined> } {
  const reads = fields.all('FieldRef', 'CategoricalPredictor').map((one): Compute<number | undefined> => {
    const { read, dataType } = scope.field(one.requiredAttribute(one.name === 'FieldRef' ? 'field' : 'name'), one);
    if (one.name === 'FieldRef') {
      return (row) => {
        const value = read(row);
        return value === undefined ? undefined : Number(value);
      };
    }
    const wanted = literal(one.requiredAttribute('value'), dataType, one);
    return (row) => (read(row) === wanted ? one.number('coefficient', 1) : 0);
  });
  return {
    length: reads.length,
    read: (row) => {
      const point = new Float64Array(reads.length);
      for (const [i, read] of reads.entries()) {
        const value = read(row);
        if (value === undefined) return undefined;
        point[i] = value;
      }
      return point;
    },
  };
}

function vectorOf(instance: Element, width: number): Float64Array {
  const array = instance.children.find((child) => child.name === 'Array' || child.name.endsWith('SparseArray'));
  if (!array) throw instance.corrupt('has no Array');
  const vector = arrayNumbers(array, width);
  if (vector.length !== width) throw instance.corrupt(`has ${vector.length} coordinates for ${width} fields`);
  return vector;
}

function kernelOf(element: Element): Kernel {
  const kernel = element.all('LinearKernelType', 'PolynomialKernelType', 'RadialBasisKernelType', 'SigmoidKernelType')[0];
  if (!kernel) throw element.corrupt('has no kernel');
  if (kernel.name === 'LinearKernelType') return dot;
  const gamma = kernel.number('gamma', 1);
  if (kernel.name === 'RadialBasisKernelType') {
    return (x, y) => {
      let squares = 0;
      for (let i = 0; i < x.length; i++) squares += ((x[i] as number) - (y[i] as number)) ** 2;
      return Math.exp(-gamma * squares);
    };
  }
  const coef0 = kernel.number('coef0', 1);
  if (kernel.name === 'SigmoidKernelType') return (x, y) => Math.tanh(gamma * dot(x, y) + coef0);
  const degree = kernel.number('degree', 1);
  return (x, y) => (gamma * dot(x, y) + coef0) ** degree;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number);
  return sum;
}
