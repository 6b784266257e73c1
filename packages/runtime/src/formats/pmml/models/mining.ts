import type { Compute, Row } from '../fields/row';
import type { Present, Value } from '../fields/value';
import { type Predicate, predicateOf } from '../predicates';
import type { Element } from '../xml/element';
import { type CompileModelKind, type CompiledModel, type ModelContext, NOTHING, mostProbable, shares } from './model';
import type { Prediction } from '../prediction';

const METHODS = [
  'majorityVote', 'weightedMajorityVote', 'average', 'weightedAverage', 'median', 'weightedMedian', 'x-weightedMedian', 'max', 'sum', 'weightedSum', 'x-weightedSum',
  'selectFirst', 'modelChain',
] as const;
type Method = (typeof METHODS)[number];

interface Segment {
  readonly predicate: Predicate;
  readonly model: CompiledModel;
  readonly weight: number;
}

/** What a segment that applies to the row says. */
interface Vote {
  readonly prediction: Prediction;
  readonly weight: number;
}

/** MiningModel: models one after the other, or side by side. */
export const compileMining: CompileModelKind = (element, context) => {
  const segmentation = element.required('Segmentation');
  const method = segmentation.oneOf('multipleModelMethod', METHODS);
  const onMissing = segmentation.oneOf('missingPredictionTreatment', ['continue', 'skipSegment', 'returnMissing'], 'continue');
  const chain = method === 'modelChain';
  const segments = segmentation.all('Segment').map((segment) => compileSegment(segment, context, chain));
  if (segments.length === 0) throw segmentation.corrupt('has no Segment');
  if (chain) return chained(segments);
  if (method === 'selectFirst') return firstOf(segments);
  const combine = combiner(method, element, context);
  return (row) => {
    const votes: Vote[] = [];
    for (const { prediction, weight } of evaluated(segments, row)) {
      if (prediction.value === undefined) {
        if (onMissing === 'skipSegment') continue;
        return NOTHING;
      }
      votes.push({ prediction, weight });
    }
    return votes.length === 0 ? NOTHING : combine(votes);
  };
};

function compileSegment(segment: Element, context: ModelContext, chain: boolean): Segment {
  const element = segment.children.find((child) => child.name.endsWith('Model') || child.name === 'Scorecard');
  if (!element) throw segment.corrupt('has no model');
  const predicate = predicateOf(segment, context.scope);
  const model = context.compile(element, context.scope);
  // What a link of a chain gives, the later ones and the outputs of the whole can use.
  if (chain) {
    for (const { field } of model.outputs) if (!context.scope.has(field.name)) context.scope.define(field.name, element, () => field);
    context.innerResults.push(...model.results.filter(({ isFinal }) => isFinal));
  }
  return { predicate, model, weight: segment.number('weight', 1) };
}

function* evaluated(segments: readonly Segment[], row: Row): Generator<Vote> {
  for (const { predicate, model, weight } of segments) if (predicate(row) === true) yield { prediction: model.evaluate(row), weight };
}

function chained(segments: readonly Segment[]): Compute<Prediction> {
  return (row) => {
    let last: Prediction = NOTHING;
    for (const { prediction } of evaluated(segments, row)) last = prediction;
    return last;
  };
}

function firstOf(segments: readonly Segment[]): Compute<Prediction> {
  return (row) => {
    for (const { prediction } of evaluated(segments, row)) return prediction;
    return NOTHING;
  };
}

function combiner(method: Method, element: Element, { functionName, round }: ModelContext): (votes: readonly Vote[]) => Prediction {
  if (functionName === 'regression') return (votes) => ({ value: combineNumbers(votes, method, round, element) });
  const counted = method === 'majorityVote' || method === 'weightedMajorityVote';
  if (functionName === 'clustering' || counted) {
    if (!counted) throw element.unsupported(`combines its segments by ${method}, which ${functionName} does not have`);
    return (votes) => mostProbable(shares(tally(votes, method === 'majorityVote'), round));
  }
  if (!['average', 'weightedAverage', 'max', 'sum', 'weightedSum'].includes(method)) throw element.unsupported(`combines the probabilities of its segments by ${method}`);
  return (votes) => mostProbable(combineProbabilities(votes, method, round));
}

/** Numbers by category, in the order in which they are first named. */
function tally(votes: readonly Vote[], equal: boolean): ReadonlyMap<Present, number> {
  const counts = new Map<Present, number>();
  for (const { prediction, weight } of votes) {
    const category = prediction.value as Present;
    counts.set(category, (counts.get(category) ?? 0) + (equal ? 1 : weight));
  }
  // Categories that nobody votes for are named by the probabilities of who could have.
  for (const { prediction } of votes) for (const known of prediction.probabilities?.keys() ?? []) if (!counts.has(known)) counts.set(known, 0);
  return counts;
}

function combineProbabilities(votes: readonly Vote[], method: Method, round: (value: number) => number): ReadonlyMap<Present, number> {
  const categories = new Set(votes.flatMap(({ prediction }) => [...(prediction.probabilities ?? new Map([[prediction.value as Present, 1]])).keys()]));
  const valuesOf = (category: Present): readonly Vote[] => votes.map(({ prediction, weight }) => ({
    weight, prediction: { value: prediction.probabilities ? (prediction.probabilities.get(category) ?? 0) : Number(prediction.value === category) },
  }));
  if (method === 'max') {
    // The segment that is most certain speaks for all.
    const surest = votes.reduce((a, b) => (highest(b.prediction) > highest(a.prediction) ? b : a));
    return surest.prediction.probabilities ?? new Map([[surest.prediction.value as Present, 1]]);
  }
  const combined = new Map([...categories].map((category) => [category, combineNumbers(valuesOf(category), method, round) as number]));
  return method === 'sum' || method === 'weightedSum' ? shares(combined, round) : combined;
}

function highest({ probabilities }: Prediction): number {
  return probabilities ? Math.max(...probabilities.values()) : 1;
}

function combineNumbers(votes: readonly Vote[], method: Method, round: (value: number) => number, at?: Element): Value {
  const numbers = votes.map(({ prediction }) => Number(prediction.value));
  const weights = votes.map(({ weight }) => weight);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => round(total + value), 0);
  const weighted = (): number => sum(numbers.map((number, i) => round(number * (weights[i] as number))));
  switch (method) {
    case 'average': return round(sum(numbers) / numbers.length);
    case 'weightedAverage': return round(weighted() / sum(weights));
    case 'sum': return sum(numbers);
    case 'weightedSum':
    case 'x-weightedSum': return weighted();
    case 'max': return Math.max(...numbers);
    case 'median': return weightedMedian(numbers, numbers.map(() => 1), true);
    case 'weightedMedian':
    case 'x-weightedMedian': return weightedMedian(numbers, weights, false);
    default: throw at?.unsupported(`combines numbers by ${method}`) ?? new Error(method);
  }
}

/** The lowest number that at least half of the weight is at or below; of an even count of equal weights the mean of the two in the middle. */
function weightedMedian(numbers: readonly number[], weights: readonly number[], meanOfTwo: boolean): number {
  const order = numbers.map((_, i) => i).sort((a, b) => (numbers[a] as number) - (numbers[b] as number));
  if (meanOfTwo) {
    const [low, high] = [order[(order.length - 1) >> 1] as number, order[order.length >> 1] as number];
    return ((numbers[low] as number) + (numbers[high] as number)) / 2;
  }
  const half = weights.reduce((a, b) => a + b, 0) / 2;
  let below = 0;
  for (const i of order) {
    below += weights[i] as number;
    if (below >= half) return numbers[i] as number;
  }
  return Number.NaN;
}

