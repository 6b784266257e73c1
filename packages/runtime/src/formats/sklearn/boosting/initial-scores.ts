import type { Matrix } from '../../../model/model';
import type { ClassLabels } from '../class-labels';
import type { MemberBuilder } from '../estimator';
import type { FittedState } from '../fitted-state';

/** Fills in what the trees are added to. */
export type InitialScores = (input: Matrix, out: Float64Array) => void;

/** How near to 0 and 1 a probability may be: single precision's step, and since 1.8 double precision's. */
const SINGLE_STEP = 2 ** -23;
const DOUBLE_STEP = 2 ** -52;

/** The prediction of `init_`, zero where there is none. */
export function initialValues(state: FittedState, build: MemberBuilder): InitialScores {
  if (state.text('init_') === 'zero') return zeros;
  const first = build(state, state.value('init_'), 'init_');
  if (first.kind !== 'regressor' || first.values.columns !== 1) throw state.corrupt('init_ is not a regressor of one value');
  return (input, out) => first.values.fill(rounded(input), out);
}

/** The log-odds of the probabilities of `init_`; `columns` of them, one for two classes. */
export function initialProbabilities(state: FittedState, build: MemberBuilder, labels: ClassLabels, columns: number, exponential: boolean): InitialScores {
  if (state.text('init_') === 'zero') return zeros;
  const first = build(state, state.value('init_'), 'init_');
  if (first.kind !== 'classifier' || !first.hasProbabilities || first.labels.count !== labels.count) throw state.corrupt('init_ is not a classifier of the same classes with probabilities');
  const step = state.savedBy(1, 8) ? DOUBLE_STEP : SINGLE_STEP;
  const centers = state.savedBy(1, 4);
  const clip = (probability: number): number => Math.min(1 - step, Math.max(step, probability));
  return (input, out) => {
    const { count } = labels;
    const probabilities = new Float64Array(input.rows * count);
    first.probabilities(rounded(input), probabilities);
    if (columns === 1) {
      for (let row = 0; row < input.rows; row++) {
        const odds = clip(probabilities[row * count + 1] as number);
        out[row] = Math.log(odds / (1 - odds)) * (exponential ? 0.5 : 1);
      }
      return;
    }
    for (let start = 0; start < out.length; start += columns) {
      let mean = 0;
      for (let index = start; index < start + columns; index++) mean += (out[index] = Math.log(clip(probabilities[index] as number))) / columns;
      for (let index = start; centers && index < start + columns; index++) out[index] = (out[index] as number) - mean;
    }
  };
}

const zeros: InitialScores = () => undefined;

/** The first guess is made from the single-precision input of the trees. */
function rounded({ data, ...rest }: Matrix): Matrix {
  return { ...rest, data: data.map(Math.fround) };
}
