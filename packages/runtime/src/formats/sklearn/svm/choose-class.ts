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

/** `break_ties=True`: equal votes are told apart by the summed decision values, scaled so that they never outweigh a vote. */
export function chooseByConfidence(classes: number): ClassChoice {
  const scores = new Float64Array(classes);
  const sums = new Float64Array(classes);
  return (decisions) => {
    scores.fill(0);
    sums.fill(0);
    let pair = 0;
    for (let first = 0; first < classes; first++) {
      for (let second = first + 1; second < classes; second++) {
        const decision = decisions[pair++] as number;
        sums[first] = (sums[first] as number) + decision;
        sums[second] = (sums[second] as number) - decision;
        // Exactly zero counts for the first class here, unlike in the plain vote; scikit-learn does the same.
        const winner = decision < 0 ? second : first;
        scores[winner] = (scores[winner] as number) + 1;
      }
    }
    for (let index = 0; index < classes; index++) {
      const sum = sums[index] as number;
      scores[index] = (scores[index] as number) + sum / (3 * (Math.abs(sum) + 1));
    }
    return indexOfLargest(scores);
  };
}

function indexOfLargest(values: Int32Array | Float64Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) > (values[best] as number)) best = index;
  }
  return best;
}
