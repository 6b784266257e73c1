import type { Compute } from '../fields/row';
import { type Present, literal } from '../fields/value';
import type { Element } from '../xml/element';
import { INVERSE_LINKS } from './links';
import { type CompileModelKind, type ModelContext, NOTHING, categoryOf, mostProbable, softmax } from './model';
import type { Prediction } from '../prediction';

const MODEL_TYPES = ['regression', 'generalLinear', 'generalizedLinear', 'multinomialLogistic', 'ordinalMultinomial'] as const;
const LINKS = ['identity', 'log', 'logit', 'probit', 'cloglog', 'loglog', 'cauchit', 'logc', 'power'] as const;

/** GeneralRegressionModel: generalized linear models, multinomial and ordinal ones. Cox models are refused. */
export const compileGeneralRegression: CompileModelKind = (element, context) => {
  const type = element.oneOf('modelType', MODEL_TYPES);
  const linear = linearPredictor(element, context);
  if (context.functionName !== 'classification') return regression(element, type, linear);
  return type === 'ordinalMultinomial' ? ordinal(element, linear, context) : multinomial(element, type, linear, context);
};

/** The linear predictors of a row by target category; under '' those of cells without one. `undefined` where a value is missing. */
interface LinearPredictors {
  readonly categories: readonly string[];
  readonly compute: Compute<ReadonlyMap<string, number> | undefined>;
}

function regression(element: Element, type: (typeof MODEL_TYPES)[number], { compute }: LinearPredictors): Compute<Prediction> {
  const inverse = type === 'generalizedLinear' ? inverseLink(element, 'linkFunction') : INVERSE_LINKS.identity;
  const offset = element.number('offsetValue', 0);
  const trials = element.number('trialsValue', 1);
  return (row) => {
    const predictors = compute(row);
    const [value] = predictors?.values() ?? [];
    return predictors === undefined ? NOTHING : { value: inverse((value ?? 0) + offset) * trials };
  };
}

function multinomial(element: Element, type: (typeof MODEL_TYPES)[number], { categories, compute }: LinearPredictors, context: ModelContext): Compute<Prediction> {
  const targets = targetCategories(element, categories, context);
  const [first, second] = targets;
  if (type === 'generalizedLinear') {
    if (targets.length !== 2 || first === undefined || second === undefined) throw element.unsupported('is a generalized linear classification of other than two categories');
    const inverse = inverseLink(element, 'linkFunction');
    const named = categories.find((category) => category !== '');
    const scored = named === undefined ? second : categoryOf(named, context, element);
    return (row) => {
      const predictors = compute(row);
      if (!predictors) return NOTHING;
      const probability = inverse(predictors.get(named ?? '') ?? 0);
      return mostProbable(new Map(targets.map((target) => [target, target === scored ? probability : 1 - probability])));
    };
  }
  const names = new Map(targets.map((target) => [target, categories.find((category) => category !== '' && categoryOf(category, context, element) === target)]));
  return (row) => {
    const predictors = compute(row);
    // The category without cells is the one that the others are compared with.
    return predictors ? mostProbable(softmax(new Map([...names].map(([target, name]) => [target, name === undefined ? 0 : (predictors.get(name) ?? 0)])), context.round)) : NOTHING;
  };
}

function ordinal(element: Element, { categories, compute }: LinearPredictors, context: ModelContext): Compute<Prediction> {
  const inverse = inverseLink(element, 'cumulativeLink');
  const targets = targetCategories(element, categories, context);
  const names = targets.map((target) => categories.find((category) => category !== '' && categoryOf(category, context, element) === target));
  return (row) => {
    const predictors = compute(row);
    if (!predictors) return NOTHING;
    // Cells without a category are of all of them.
    const common = predictors.get('') ?? 0;
    let before = 0;
    return mostProbable(new Map(targets.map((target, i) => {
      const name = names[i];
      const upTo = name === undefined || i === targets.length - 1 ? 1 : inverse(common + (predictors.get(name) ?? 0));
      const probability = upTo - before;
      before = upTo;
      return [target, probability];
    })));
  };
}

function targetCategories(element: Element, categories: readonly string[], context: ModelContext): readonly Present[] {
  if (context.target && context.target.values.length > 0) return context.target.values;
  const reference = element.attribute('targetReferenceCategory');
  const named = [...categories.filter((category) => category !== ''), ...(reference === undefined ? [] : [reference])];
  return [...new Set(named)].map((category) => categoryOf(category, context, element));
}

function inverseLink(element: Element, attribute: string): (y: number) => number {
  const link = element.oneOf(attribute, LINKS);
  if (link !== 'power') return INVERSE_LINKS[link];
  const power = element.number('linkParameter');
  return power === 0 ? Math.exp : (y) => y ** (1 / power);
}

function linearPredictor(element: Element, context: ModelContext): LinearPredictors {
  const values = parameterValues(element, context);
  const cells = element.required('ParamMatrix').all('PCell').map((cell) => {
    const parameter = cell.requiredAttribute('parameterName');
    const value = values.get(parameter);
    if (!value) throw cell.corrupt(`names the parameter "${parameter.slice(0, 60)}", which the ParameterList does not have`);
    return { value, beta: cell.number('beta'), category: cell.attribute('targetCategory') ?? '' };
  });
  const categories = [...new Set(cells.map(({ category }) => category))];
  return {
    categories,
    compute: (row) => {
      const sums = new Map<string, number>();
      for (const { value, beta, category } of cells) {
        const x = value(row);
        if (x === undefined) return undefined;
        sums.set(category, (sums.get(category) ?? 0) + beta * x);
      }
      return sums;
    },
  };
}

/** What each parameter is multiplied with: the product of its predictors' parts; 1 for an intercept. */
function parameterValues(element: Element, { scope }: ModelContext): ReadonlyMap<string, Compute<number | undefined>> {
  const factors = new Set((element.child('FactorList')?.all('Predictor') ?? []).map((predictor) => {
    if (predictor.child('Matrix')) throw predictor.unsupported('has a contrast matrix, which is not read');
    return predictor.requiredAttribute('name');
  }));
  const cells = element.child('PPMatrix')?.all('PPCell') ?? [];
  if (cells.some((cell) => cell.attribute('targetCategory') !== undefined)) throw element.unsupported('has cells of a PPMatrix by target category');
  const parameters = new Map<string, Compute<number | undefined>[]>();
  for (const parameter of element.required('ParameterList').all('Parameter')) parameters.set(parameter.requiredAttribute('name'), []);
  for (const cell of cells) {
    const name = cell.requiredAttribute('parameterName');
    const parts = parameters.get(name);
    if (!parts) throw cell.corrupt(`names the parameter "${name.slice(0, 60)}", which the ParameterList does not have`);
    const predictor = cell.requiredAttribute('predictorName');
    const { read, dataType } = scope.field(predictor, cell);
    // Factors come first: where the row has another category, no number is needed.
    if (factors.has(predictor)) parts.unshift(factorPart(read, literal(cell.requiredAttribute('value'), dataType, cell)));
    else parts.push(covariatePart(read, cell.number('value')));
  }
  return new Map([...parameters].map(([name, parts]) => [name, productOf(parts)]));
}

function factorPart(read: Compute<Present | undefined>, wanted: Present): Compute<number | undefined> {
  return (row) => {
    const value = read(row);
    if (value === undefined) return undefined;
    return value === wanted ? 1 : 0;
  };
}

function covariatePart(read: Compute<Present | undefined>, exponent: number): Compute<number | undefined> {
  return (row) => {
    const value = read(row);
    return value === undefined ? undefined : Number(value) ** exponent;
  };
}

function productOf(parts: readonly Compute<number | undefined>[]): Compute<number | undefined> {
  return (row) => {
    let product = 1;
    for (const part of parts) {
      const value = part(row);
      if (value === undefined) return undefined;
      if (value === 0) return 0;
      product *= value;
    }
    return product;
  };
}
