import { readClassLabels } from '../class-labels';
import { checkWidths } from '../ensemble/members';
import { ANY_WIDTH, type Classifier, type MemberBuilder } from '../estimator';
import { readFeatureNames } from '../feature-names';
import type { FittedState } from '../fitted-state';
import { strictestOf } from '../input-rules';
import { binaryScores } from './binary-scores';

/** `OutputCodeClassifier`: the class whose code word is nearest to what the binary models say. */
export function buildOutputCode(state: FittedState, build: MemberBuilder): Classifier {
  const labels = readClassLabels(state);
  const members = state.list('estimators_').map((member) => build(state, member, 'estimators_'));
  const features = members.find((member) => member.features !== ANY_WIDTH)?.features ?? ANY_WIDTH;
  checkWidths(state, members.filter((member) => member.features !== ANY_WIDTH), features);
  const bits = members.length;
  const codes = state.floats('code_book_', [labels.count, bits]);
  const scores = members.map((member) => binaryScores(state, member).scores);
  return {
    kind: 'classifier',
    name: state.estimator,
    features,
    ...readFeatureNames(state, features),
    labels,
    input: strictestOf(members.map((member) => member.input)),
    hasProbabilities: false,
    probabilities: () => undefined,
    classify(input, out) {
      const said = scores.map((score) => {
        const column = new Float64Array(input.rows);
        score.fill(input, column);
        return column;
      });
      for (let row = 0; row < input.rows; row++) {
        let [best, least] = [0, Infinity];
        for (let label = 0; label < labels.count; label++) {
          let distance = 0;
          for (let bit = 0; bit < bits; bit++) distance += ((said[bit]?.[row] as number) - (codes[label * bits + bit] as number)) ** 2;
          if (distance < least) [best, least] = [label, distance];
        }
        out[row] = best;
      }
    },
  };
}
