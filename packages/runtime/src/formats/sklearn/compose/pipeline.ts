import type { Matrix } from '../../../model/model';
import type { PickleValue } from '../../pickle/value';
import { checkValues } from '../check-matrix';
import { ANY_WIDTH, type Classifier, type Estimator, type MemberBuilder, type RowNumbers, type Transform } from '../estimator';
import type { FittedState } from '../fitted-state';

/** `Pipeline`: every step transforms, the last one predicts. */
export function buildPipeline(state: FittedState, build: MemberBuilder): Estimator {
  const members = state.list('steps').flatMap((step) => {
    const [name, member] = Array.isArray(step) ? step : [];
    return isPassthrough(member) ? [] : [build(state, member, `step ${JSON.stringify(name)}`)];
  });
  const last = members.pop();
  if (!last) throw state.unsupported('has no steps', 'serve the model itself');
  return members.reduceRight<Estimator>((rest, step) => chained(state, step, rest), last);
}

export function isPassthrough(member: PickleValue | undefined): boolean {
  return member === null || member === 'passthrough';
}

/** `step` before `rest`. The result has the name of the last step, whose answers it gives. */
function chained(state: FittedState, step: Estimator, rest: Estimator): Estimator {
  const { transform } = step;
  if (!transform) throw state.corrupt(`${step.name} is not the last step and does not transform`);
  if (transform.columns !== rest.features && transform.columns !== ANY_WIDTH && rest.features !== ANY_WIDTH) throw state.corrupt(`${step.name} makes ${transform.columns} columns, ${rest.name} expects ${rest.features}`);
  /** scikit-learn checks the input of every step anew: a scaler lets a missing value through, a linear model does not. */
  const before = (input: Matrix): Matrix => {
    const matrix = transform.apply(input);
    checkValues(matrix, rest.input, rest.name);
    return matrix;
  };
  return afterTransform(rest, before, {
    features: step.features === ANY_WIDTH ? rest.features : step.features,
    ...(step.featureNames ? { featureNames: step.featureNames } : {}),
    input: step.input,
    widest: Math.max(step.widest ?? step.features, transform.columns, rest.widest ?? 0),
  });
}

type Entrance = Pick<Estimator, 'features' | 'featureNames' | 'input' | 'widest'>;

/** The same estimator for input that is changed first. */
export function afterTransform(rest: Estimator, before: (input: Matrix) => Matrix, entrance: Entrance): Estimator {
  const numbers = (inner: RowNumbers): RowNumbers => ({ ...inner, fill: (input, out) => inner.fill(before(input), out) });
  const transform = (inner: Transform): Transform => ({ columns: inner.columns, apply: (input) => inner.apply(before(input)) });
  const { featureNames: _, decision, transform: inner, ...kept } = rest as Classifier;
  const common = { ...kept, ...entrance, ...(decision ? { decision: numbers(decision) } : {}), ...(inner ? { transform: transform(inner) } : {}) };
  switch (rest.kind) {
    case 'classifier':
      return classifierAfter(rest, before, common);
    case 'regressor':
      return { ...common, kind: 'regressor', datatype: rest.datatype, values: numbers(rest.values), ...(rest.labelProbabilities ? { labelProbabilities: numbers(rest.labelProbabilities) } : {}) };
    case 'multi-classifier':
      return { ...common, kind: 'multi-classifier', outputs: rest.outputs.map((output) => classifierAfter(output, before, { ...output, ...entrance })) };
    case 'transformer':
      return { ...common, kind: 'transformer', transform: transform(rest.transform) };
  }
}

function classifierAfter(rest: Classifier, before: (input: Matrix) => Matrix, common: Omit<Classifier, 'kind'>): Classifier {
  return {
    ...common,
    kind: 'classifier',
    classify: (input, out) => rest.classify(before(input), out),
    probabilities: (input, out) => rest.probabilities(before(input), out),
  };
}
