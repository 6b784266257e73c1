import { parseNumber } from '../../numpy/parse-number';
import type { Matrix } from '../../../model/model';
import { ANY_WIDTH, ANYTHING, type MemberBuilder, type Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { besideEachOther } from '../matrices';
import { isPassthrough } from './pipeline';

/** `FeatureUnion`: the same columns through several transformers, the results side by side, each times its weight. */
export function buildFeatureUnion(state: FittedState, build: MemberBuilder): Transformer {
  const weights = state.has('transformer_weights') ? state.value('transformer_weights') : undefined;
  const parts = state.list('transformer_list').flatMap((entry) => {
    const [label, member] = Array.isArray(entry) ? entry : [];
    if (member === 'drop') return [];
    const weight = weights instanceof Map ? (parseNumber(weights.get(label as string)) ?? 1) : 1;
    return [{ weight, built: isPassthrough(member) ? undefined : build(state, member, `transformer ${JSON.stringify(label)}`) }];
  });
  const known = parts.flatMap(({ built }) => (built && built.features !== ANY_WIDTH ? [built] : []));
  const features = known[0]?.features ?? state.features();
  if (!known.every((built) => built.features === features)) throw state.corrupt('its transformers expect different numbers of columns');
  const widths = parts.map(({ built }) => {
    if (built && !built.transform) throw state.corrupt(`${built.name} does not transform`);
    const columns = built?.transform?.columns ?? ANY_WIDTH;
    return columns === ANY_WIDTH ? features : columns;
  });
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const featureNames = known.find((built) => built.featureNames)?.featureNames;
  return {
    kind: 'transformer',
    name: state.estimator,
    features,
    ...(featureNames ? { featureNames } : {}),
    input: strictestOf(parts.map(({ built }) => built?.input ?? ANYTHING)),
    widest: known.reduce((most, built) => Math.max(most, built.widest ?? 0), Math.max(features, columns)),
    transform: {
      columns,
      apply: (input) => besideEachOther(parts.map(({ built, weight }) => scaled(built?.transform?.apply(input) ?? input, weight)), input.rows),
    },
  };
}

function scaled(matrix: Matrix, weight: number): Matrix {
  return weight === 1 ? matrix : { ...matrix, data: matrix.data.map((value) => value * weight) };
}
