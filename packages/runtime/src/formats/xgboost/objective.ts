/** What an objective makes of the sums of the trees. All in single precision, as XGBoost computes it. */
export interface Objective {
  /** The base score as the files have it, in the terms of the sums. */
  toMargin(score: number): number;
  /** Rewrites `rows * outputs` sums in place. */
  transform(sums: Float32Array, outputs: number): void;
  /** Answers the index of the largest sum in place of the sums. */
  readonly picksClass?: true;
}

const identity = (value: number): number => value;
const keep = (): void => {};

const PLAIN: Objective = { toMargin: identity, transform: keep };
const LOG_LINK: Objective = { toMargin: Math.log, transform: eachOf(Math.exp) };
const LOGISTIC: Objective = { toMargin: (score) => -Math.log(1 / score - 1), transform: eachOf(sigmoid) };

const OBJECTIVES: Readonly<Record<string, Objective>> = {
  'reg:linear': PLAIN,
  'reg:squarederror': PLAIN,
  'reg:squaredlogerror': PLAIN,
  'reg:pseudohubererror': PLAIN,
  'reg:absoluteerror': PLAIN,
  'reg:quantileerror': PLAIN,
  'reg:expectileerror': PLAIN,
  'reg:logistic': LOGISTIC,
  'reg:gamma': LOG_LINK,
  'reg:tweedie': LOG_LINK,
  'count:poisson': LOG_LINK,
  'survival:cox': LOG_LINK,
  'survival:aft': LOG_LINK,
  'binary:logistic': LOGISTIC,
  'binary:logitraw': PLAIN,
  'binary:hinge': { toMargin: identity, transform: eachOf((sum) => (sum > 0 ? 1 : 0)) },
  'multi:softprob': { toMargin: identity, transform: softmax },
  'multi:softmax': { toMargin: identity, transform: keep, picksClass: true },
  'rank:pairwise': PLAIN,
  'rank:ndcg': PLAIN,
  'rank:map': PLAIN,
};

export const OBJECTIVE_NAMES: readonly string[] = Object.keys(OBJECTIVES);

/** @returns `undefined` for an objective that is not known here. */
export function objectiveOf(name: string): Objective | undefined {
  return Object.hasOwn(OBJECTIVES, name) ? OBJECTIVES[name] : undefined;
}

function eachOf(link: (sum: number) => number): Objective['transform'] {
  return (sums) => {
    for (let index = 0; index < sums.length; index++) sums[index] = link(sums[index] as number);
  };
}

/** Rounded after each step; the limit keeps the exponential finite in single precision. */
function sigmoid(sum: number): number {
  return 1 / Math.fround(Math.fround(Math.exp(Math.min(-sum, Math.fround(88.7)))) + 1);
}

function softmax(sums: Float32Array, outputs: number): void {
  for (let start = 0; start < sums.length; start += outputs) {
    const end = start + outputs;
    let largest = sums[start] as number;
    for (let index = start + 1; index < end; index++) largest = Math.max(largest, sums[index] as number);
    let total = 0;
    for (let index = start; index < end; index++) {
      sums[index] = Math.exp(Math.fround((sums[index] as number) - largest));
      total += sums[index] as number;
    }
    const divisor = Math.fround(total);
    for (let index = start; index < end; index++) sums[index] = (sums[index] as number) / divisor;
  }
}
