import type { Matrix } from '../../../model/model';
import type { PickleValue } from '../../pickle/value';
import { checkValues } from '../check-matrix';
import { ANY_WIDTH, ANYTHING, type InputRule, type MemberBuilder, type Transform, type Transformer } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { besideEachOther, selectColumns } from '../matrices';
import { readColumnSelection } from './column-selection';
import { isPassthrough } from './pipeline';

interface Part {
  readonly columns: Int32Array;
  /** `undefined` where the columns pass through. */
  readonly transform?: Transform;
  readonly input: InputRule;
  readonly name: string;
  readonly width: number;
  readonly widest: number;
}

/** `ColumnTransformer`: some columns through one transformer, some through another, the results side by side. */
export function buildColumnTransformer(state: FittedState, build: MemberBuilder): Transformer {
  const features = state.features();
  const { featureNames } = readFeatureNames(state, features);
  const parts = state.list('transformers_').flatMap((entry) => readPart(state, build, entry, features, featureNames));
  const columns = parts.reduce((sum, part) => sum + part.width, 0);
  const takesText = parts.some((part) => part.input.allowsText);
  return {
    kind: 'transformer',
    name: state.estimator,
    features,
    ...(featureNames ? { featureNames } : {}),
    // Each transformer checks its own columns.
    input: { ...ANYTHING, allowsText: takesText },
    widest: parts.reduce((most, part) => Math.max(most, part.widest), Math.max(columns, features)),
    transform: {
      columns,
      apply: (input) => besideEachOther(parts.map((part) => applyPart(part, input)), input.rows),
    },
  };
}

function applyPart({ columns, transform, input: rule, name }: Part, input: Matrix): Matrix {
  const selected = selectColumns(input, columns);
  if (!transform) return selected;
  checkValues(selected, rule, name);
  return transform.apply(selected);
}

/** An entry is a name, a transformer and its columns; none for what is dropped or selects nothing. */
function readPart(state: FittedState, build: MemberBuilder, entry: PickleValue, features: number, names: readonly string[] | undefined): readonly Part[] {
  const [label, member, selection] = Array.isArray(entry) ? entry : [];
  if (member === 'drop') return [];
  const columns = readColumnSelection(state, selection, features, names);
  const width = columns.length;
  if (width === 0) return [];
  if (isPassthrough(member)) return [{ columns, input: ANYTHING, name: 'passthrough', width, widest: width }];
  const built = build(state, member, `transformer ${JSON.stringify(label)}`);
  if (!built.transform) throw state.corrupt(`${built.name} does not transform`);
  if (built.features !== width && built.features !== ANY_WIDTH) throw state.corrupt(`${built.name} expects ${built.features} columns and is given ${width}`);
  const outputs = built.transform.columns === ANY_WIDTH ? width : built.transform.columns;
  return [{ columns, transform: built.transform, input: built.input, name: built.name, width: outputs, widest: Math.max(built.widest ?? 0, outputs) }];
}
