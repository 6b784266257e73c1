import type { Compute } from '../fields/row';
import { literal } from '../fields/value';
import type { Present } from '../fields/value';
import type { Element } from '../xml/element';
import { INVERSE_LINKS } from './links';
import { type CompileModelKind, type ModelContext, NOTHING, categoryOf, mostProbable, shares, softmax } from './model';
import type { Prediction } from '../prediction';

const BY_CATEGORY = ['none', 'simplemax', 'softmax', 'logit', 'probit', 'cloglog', 'exp', 'loglog', 'cauchit'] as const;
type Normalization = (typeof BY_CATEGORY)[number];

/** RegressionModel: linear and polynomial regression, logistic regression with its relatives. */
export const compileRegression: CompileModelKind = (element, context) => {
  const normalization = element.oneOf('normalizationMethod', BY_CATEGORY, 'none');
  const tables = element.all('RegressionTable');
  if (tables.length === 0) throw element.corrupt('has no RegressionTable');
  return context.functionName === 'classification' ? classification(tables, normalization, context) : regression(element, tables, normalization, context);
};

function regression(element: Element, tables: readonly Element[], normalization: Normalization, context: ModelContext): Compute<Prediction> {
  const [table] = tables;
  if (!table || tables.length > 1) throw element.corrupt(`has ${tables.length} RegressionTable, a regression has one`);
  const compute = compileTable(table, context);
  // For one number, softmax is what logit is; simplemax of one number is no number that anybody wants.
  if (normalization === 'simplemax') throw element.unsupported('normalizes a regression with simplemax');
  const inverse = INVERSE_LINKS[normalization === 'softmax' ? 'logit' : normalization];
  return (row) => {
    const value = compute(row);
    return value === undefined ? NOTHING : { value: context.round(inverse(value)) };
  };
}

function classification(tables: readonly Element[], normalization: Normalization, context: ModelContext): Compute<Prediction> {
  const computed = tables.map((table) => ({ category: categoryOf(table.requiredAttribute('targetCategory'), context, table), compute: compileTable(table, context) }));
  const normalize = normalizer(tables, normalization, context);
  return (row) => {
    const scores = new Map<Present, number>();
    for (const { category, compute } of computed) {
      const score = compute(row);
      if (score === undefined) return NOTHING;
      scores.set(category, score);
    }
    return mostProbable(normalize(scores));
  };
}

type Normalize = (scores: ReadonlyMap<Present, number>) => ReadonlyMap<Present, number>;

function normalizer(tables: readonly Element[], normalization: Normalization, { round, target }: ModelContext): Normalize {
  if (normalization === 'softmax' && !(tables.length === 2 && isEmpty(tables[1]))) return (scores) => softmax(scores, round);
  if (normalization === 'simplemax') return (scores) => shares(scores, round);
  const inverse = INVERSE_LINKS[normalization === 'softmax' ? 'logit' : normalization];
  if (target?.opType === 'ordinal') return cumulative(inverse, round);
  if (tables.length === 2 || normalization === 'none') return lastIsRest(inverse, round);
  return (scores) => shares(new Map([...scores].map(([category, score]) => [category, round(inverse(score))])), round);
}

/** The last category has what the others leave. */
function lastIsRest(inverse: (y: number) => number, round: (value: number) => number): Normalize {
  return (scores) => {
    const categories = [...scores.keys()];
    let rest = 1;
    return new Map(categories.map((category, i) => {
      const probability = i === categories.length - 1 ? rest : round(inverse(scores.get(category) as number));
      rest = round(rest - probability);
      return [category, probability];
    }));
  };
}

/** Scores of ordered categories are of "this one or one before". */
function cumulative(inverse: (y: number) => number, round: (value: number) => number): Normalize {
  return (scores) => {
    const categories = [...scores.keys()];
    let before = 0;
    return new Map(categories.map((category, i) => {
      const upTo = i === categories.length - 1 ? 1 : round(inverse(scores.get(category) as number));
      const probability = round(upTo - before);
      before = upTo;
      return [category, probability];
    }));
  };
}

function isEmpty(table: Element | undefined): boolean {
  return table !== undefined && table.number('intercept') === 0 && table.all('NumericPredictor', 'CategoricalPredictor', 'PredictorTerm').length === 0;
}

/** @returns a function whose answer is `undefined` where a number it needs is missing. */
function compileTable(table: Element, { scope, round }: ModelContext): Compute<number | undefined> {
  const intercept = round(table.number('intercept'));
  const terms = table.all('NumericPredictor', 'CategoricalPredictor', 'PredictorTerm').map((term) => compileTerm(term, scope, round));
  return (row) => {
    let sum = intercept;
    for (const term of terms) {
      const value = term(row);
      if (value === undefined) return undefined;
      sum = round(sum + value);
    }
    return sum;
  };
}

function compileTerm(term: Element, scope: ModelContext['scope'], round: ModelContext['round']): Compute<number | undefined> {
  const coefficient = round(term.number('coefficient'));
  if (term.name === 'PredictorTerm') {
    const factors = term.all('FieldRef').map((reference) => scope.field(reference.requiredAttribute('field'), reference).read);
    return (row) => {
      let product = coefficient;
      for (const factor of factors) {
        const value = factor(row);
        if (value === undefined) return undefined;
        product = round(product * Number(value));
      }
      return product;
    };
  }
  const { read, dataType } = scope.field(term.requiredAttribute('name'), term);
  if (term.name === 'CategoricalPredictor') {
    const wanted = literal(term.requiredAttribute('value'), dataType, term);
    // A missing category is none of them.
    return (row) => (read(row) === wanted ? coefficient : 0);
  }
  const exponent = term.number('exponent', 1);
  return (row) => {
    const value = read(row);
    if (value === undefined) return undefined;
    return round(coefficient * (exponent === 1 ? Number(value) : round(Number(value) ** exponent)));
  };
}
