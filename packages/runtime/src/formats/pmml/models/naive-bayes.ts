import { compileDerivedField } from '../fields/derived-fields';
import type { Compute } from '../fields/row';
import { type DataType, INVALID, type Present, type Value, cast } from '../fields/value';
import type { Element } from '../xml/element';
import { type CompileModelKind, type ModelContext, categoryOf, mostProbable, softmax } from './model';
import type { Prediction } from '../prediction';

/** Logarithms of P(value | category) by category; `undefined` where the value tells nothing. */
type Likelihoods = Compute<ReadonlyMap<Present, number> | undefined>;

/** NaiveBayesModel, with counts for categories and distributions for numbers. */
export const compileNaiveBayes: CompileModelKind = (element, context) => {
  const threshold = element.number('threshold');
  const priors = new Map(countsOf(element.required('BayesOutput').required('TargetValueCounts'), context).map(([category, count]) => [category, Math.log(count)]));
  const inputs = element.required('BayesInputs').all('BayesInput').map((input) => compileInput(input, threshold, context));
  return (row): Prediction => {
    const sums = new Map(priors);
    for (const input of inputs) {
      const likelihoods = input(row);
      if (likelihoods) for (const [category, sum] of sums) sums.set(category, sum + (likelihoods.get(category) ?? Math.log(threshold)));
    }
    return mostProbable(softmax(sums, (value) => value));
  };
};

function compileInput(input: Element, threshold: number, context: ModelContext): Likelihoods {
  const name = input.requiredAttribute('fieldName');
  const derived = input.child('DerivedField');
  const field = derived ? compileDerivedField(derived, derived.attribute('name') ?? name, context.scope) : context.scope.field(name, input);
  const stats = input.child('TargetValueStats');
  return stats ? continuous(stats, field.read, threshold, context) : categorical(input, field, threshold, context);
}

function categorical(input: Element, { read, dataType }: { readonly read: Compute<Value>; readonly dataType: DataType }, threshold: number, context: ModelContext): Likelihoods {
  const pairs = input.all('PairCounts').map((pair) => ({
    value: cast(pair.requiredAttribute('value'), dataType),
    counts: new Map(countsOf(pair.required('TargetValueCounts'), context)),
  }));
  const totals = new Map<Present, number>();
  for (const { counts } of pairs) for (const [category, count] of counts) totals.set(category, (totals.get(category) ?? 0) + count);
  const table = new Map(pairs.filter(({ value }) => value !== INVALID).map(({ value, counts }) => [value as Present, new Map([...totals].map(([category, total]) => {
    const count = counts.get(category) ?? 0;
    // What was never seen would rule a category out; the threshold stands for it.
    return [category, Math.log(count > 0 ? count / total : threshold)];
  }))]));
  return (row) => {
    const value = read(row);
    return value === undefined ? undefined : table.get(value);
  };
}

function continuous(stats: Element, read: Compute<Value>, threshold: number, context: ModelContext): Likelihoods {
  const densities = stats.all('TargetValueStat').map((stat) => [categoryOf(stat.requiredAttribute('value'), context, stat), densityOf(stat)] as const);
  return (row) => {
    const value = read(row);
    if (typeof value !== 'number') return undefined;
    return new Map(densities.map(([category, density]) => [category, Math.max(density(value), Math.log(threshold))]));
  };
}

/** The logarithm of a distribution's density. */
function densityOf(stat: Element): (value: number) => number {
  const gaussian = stat.child('GaussianDistribution');
  if (gaussian) {
    const [mean, variance] = [gaussian.number('mean'), gaussian.number('variance')];
    if (!(variance > 0)) throw gaussian.corrupt(`has the variance ${variance}`);
    return (value) => -((value - mean) ** 2) / (2 * variance) - Math.log(Math.sqrt(2 * Math.PI * variance));
  }
  const poisson = stat.child('PoissonDistribution');
  if (!poisson) throw stat.unsupported('has neither a GaussianDistribution nor a PoissonDistribution');
  const mean = poisson.number('mean');
  return (value) => value * Math.log(mean) - mean - logFactorial(value);
}

function logFactorial(value: number): number {
  let sum = 0;
  for (let i = 2; i <= Math.min(value, 1e6); i++) sum += Math.log(i);
  return sum;
}

function countsOf(counts: Element, context: ModelContext): (readonly [Present, number])[] {
  return counts.all('TargetValueCount').map((count) => [categoryOf(count.requiredAttribute('value'), context, count), count.number('count')] as const);
}
