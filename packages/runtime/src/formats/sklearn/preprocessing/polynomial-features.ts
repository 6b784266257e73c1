import { parseNumber } from '../../numpy/parse-number';
import type { Transformer } from '../estimator';
import type { FittedState } from '../fitted-state';
import { transformerOf } from '../transformer-of';

/** More columns than this no model was ever fitted on; the number grows with the power of the degree. */
const MAX_TERMS = 1 << 20;

/** `PolynomialFeatures`: products of the columns, by degree, in the order of `itertools.combinations`. */
export function buildPolynomialFeatures(state: FittedState): Transformer {
  const features = state.features();
  const [lowest, highest] = degreesOf(state);
  const terms = combinations(state, features, lowest, highest, state.flag('interaction_only'), state.flag('include_bias'));
  return transformerOf(state, features, terms.length, ({ rows, data }, out) => {
    let target = 0;
    for (let start = 0; start < rows * features; start += features) {
      for (const term of terms) {
        let product = 1;
        for (const feature of term) product *= data[start + feature] as number;
        out[target++] = product;
      }
    }
  });
}

function degreesOf(state: FittedState): readonly [number, number] {
  const { degree } = { degree: state.value('degree') };
  const [lowest, highest] = Array.isArray(degree) ? degree.map(parseNumber) : [0, parseNumber(degree)];
  if (lowest === undefined || highest === undefined || !(lowest >= 0) || !(highest >= lowest && highest <= 64)) throw state.corrupt('degree is out of range');
  return [lowest, highest];
}

function combinations(state: FittedState, features: number, lowest: number, highest: number, interactions: boolean, bias: boolean): readonly (readonly number[])[] {
  const terms: (readonly number[])[] = [];
  if (bias) terms.push([]);
  let previous: (readonly number[])[] = [[]];
  for (let degree = 1; degree <= highest; degree++) {
    const next: (readonly number[])[] = [];
    for (const term of previous) {
      const last = term[term.length - 1];
      const from = last === undefined ? 0 : last + (interactions ? 1 : 0);
      for (let feature = from; feature < features; feature++) {
        next.push([...term, feature]);
        if (next.length + terms.length > MAX_TERMS) throw state.unsupported(`makes more than ${MAX_TERMS} columns`, 'lower the degree');
      }
    }
    if (degree >= lowest) terms.push(...next);
    previous = next;
  }
  if (terms.length === 0) throw state.corrupt('makes no columns');
  return terms;
}
