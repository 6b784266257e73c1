import type { Block } from './read-blocks';

/** What an objective makes of the sums of one row: `outputs` numbers from `start` on are rewritten in place. */
export type Transform = (sums: Float64Array, start: number, outputs: number) => void;

const keep: Transform = () => {};

/** Objectives whose sums are the answer, unless they were fitted to square roots. */
const REGRESSIONS: readonly string[] = ['regression', 'regression_l1', 'huber', 'fair', 'quantile', 'mape'];

/** All that are evaluated, by the first word of `objective=`. */
const KNOWN: readonly string[] = [
  ...REGRESSIONS, 'poisson', 'gamma', 'tweedie', 'binary', 'multiclass', 'multiclassova',
  'cross_entropy', 'cross_entropy_lambda', 'lambdarank', 'rank_xendcg', 'custom', 'none',
];

/**
 * The transform of `objective=`, such as `binary sigmoid:1`. Models of a user's own objective have none, and their sums
 * are the answer.
 *
 * @throws IsvcError ISVC_MODEL_UNSUPPORTED for an objective that is not known.
 */
export function readObjective(header: Block): Transform {
  const words = (header.optional('objective') ?? 'none').split(' ');
  const name = words[0] ?? '';
  if (REGRESSIONS.includes(name)) return words.includes('sqrt') ? eachOf((sum) => Math.sign(sum) * sum * sum) : keep;
  switch (name) {
    case 'binary':
    case 'multiclassova': {
      const slope = readSigmoid(header, words);
      return eachOf((sum) => 1 / (1 + Math.exp(-slope * sum)));
    }
    case 'cross_entropy':
      return eachOf((sum) => 1 / (1 + Math.exp(-sum)));
    case 'cross_entropy_lambda':
      return eachOf((sum) => Math.log1p(Math.exp(sum)));
    case 'multiclass':
      return softmax;
    case 'poisson':
    case 'gamma':
    case 'tweedie':
      return eachOf(Math.exp);
    default:
      if (KNOWN.includes(name)) return keep;
      throw header.unsupported(`has the objective ${JSON.stringify(name.slice(0, 40))}, which is not evaluated here; supported are ${KNOWN.join(', ')}`);
  }
}

function readSigmoid(header: Block, words: readonly string[]): number {
  const word = words.find((candidate) => candidate.startsWith('sigmoid:'));
  const slope = Number(word?.slice('sigmoid:'.length) || Number.NaN);
  if (!(slope > 0 && slope < Infinity)) throw header.corrupt('has an objective whose sigmoid is not a positive number');
  return slope;
}

function eachOf(link: (sum: number) => number): Transform {
  return (sums, start, outputs) => {
    for (let index = start; index < start + outputs; index++) sums[index] = link(sums[index] as number);
  };
}

function softmax(sums: Float64Array, start: number, outputs: number): void {
  const end = start + outputs;
  let largest = sums[start] as number;
  for (let index = start + 1; index < end; index++) largest = Math.max(largest, sums[index] as number);
  let total = 0;
  for (let index = start; index < end; index++) {
    sums[index] = Math.exp((sums[index] as number) - largest);
    total += sums[index] as number;
  }
  for (let index = start; index < end; index++) sums[index] = (sums[index] as number) / total;
}
