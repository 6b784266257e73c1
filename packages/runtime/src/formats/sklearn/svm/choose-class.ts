/**
 * A class from the decision values of all pairs of classes, which are in the order (0,1), (0,2), ..., (1,2), ... and
 * positive where the first class of the pair is the likelier.
 */
export type ClassChoice = (decisions: Float64Array) => number;

/** Each pair votes for one class; of equal votes the lower class wins. */
export function chooseByVotes(classes: number): ClassChoice {
  const votes = new Int32Array(classes);
  return (decisions) => {
    votes.fill(0);
    let pair = 0;
    for (let first = 0; first < classes; first++) {
      for (let second = first + 1; second < classes; second++) {
        const winner = (decisions[pair++] as number) > 0 ? first : second;
        votes[winner] = (votes[winner] as number) + 1;
      }
    }
    return indexOfLargest(votes);
  };
}

/** `break_ties=True`: the highest of `oneVsRestScores`. */
export function chooseByConfidence(classes: number): ClassChoice {
  const scores = new Float64Array(classes);
  const score = oneVsRestScores(classes);
  return (decisions) => {
    score(decisions, scores, 0);
    return indexOfLargest(scores);
  };
}

/**
 * One score a class, written to `out` from `start` on: its votes, and its summed decision values scaled so that they
 * never outweigh a vote.
 */
export function oneVsRestScores(classes: number): (decisions: Float64Array, out: Float64Array, start: number) => void {
  const sums = new Float64Array(classes);
  return (decisions, out, start) => {
    out.fill(0, start, start + classes);
    sums.fill(0);
    let pair = 0;
    for (let first = 0; first < classes; first++) {
      for (let second = first + 1; second < classes; second++) {
        const decision = decisions[pair++] as number;
        sums[first] = (sums[first] as number) + decision;
        sums[second] = (sums[second] as number) - decision;
        // Exactly zero counts for the first class here, unlike in the plain vote; scikit-learn does the same.
        const winner = start + (decision < 0 ? second : first);
        out[winner] = (out[winner] as number) + 1;
      }
    }
    for (let index = 0; index < classes; index++) {
      const sum = sums[index] as number;
      out[start + index] = (out[start + index] as number) + sum / (3 * (Math.abs(sum) + 1));
    }
  };
}

function indexOfLargest(values: Int32Array | Float64Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) > (values[best] as number)) best = index;
  }
  return best;
}
