import type { Children } from '../boosting/tree-order';

/** One tree as the file has it; the arrays are of one length, and nothing else about them has been checked. */
export interface RawTree extends Children {
  readonly feature: ArrayLike<number>;
  /** A row goes left when its value is less than this; the answer of a leaf. */
  readonly condition: ArrayLike<number>;
  /** Whether a missing value goes left. */
  readonly defaultLeft: ArrayLike<number>;
  /** Categories that go right, for nodes that compare by category. */
  readonly categories?: ReadonlyMap<number, ArrayLike<number>>;
  /** Answers of several numbers each, and for each node the position of its own. */
  readonly vectors?: { readonly values: ArrayLike<number>; readonly size: number; readonly indices: ArrayLike<number> };
}

/** The trees of `gbtree` and `dart`. */
export interface RawTrees {
  readonly kind: 'trees';
  readonly trees: readonly RawTree[];
  /** Output each tree adds to. */
  readonly groups: ArrayLike<number>;
  /** Weights of `dart`, one a tree. */
  readonly weights?: ArrayLike<number> | undefined;
  /** Trees up to and including each round; `undefined` where every round has equally many. */
  readonly roundEnds?: ArrayLike<number> | undefined;
  readonly parallelTrees: number;
}

/** The weights of `gblinear`: `outputs` for each feature, then the intercepts. */
export interface RawLinear {
  readonly kind: 'linear';
  readonly weights: ArrayLike<number>;
}

/** What any of XGBoost's file formats says, of which only the form has been checked. */
export interface Ensemble {
  readonly features: number;
  readonly featureNames?: readonly string[] | undefined;
  /** Numbers before the transform of the objective: classes or targets, at least 1. */
  readonly outputs: number;
  readonly objective: string;
  /** One for each output, or one for all. */
  readonly baseScore: readonly number[];
  /** Files before 1.0 have the base score already as the objective transforms it. */
  readonly baseScoreIsMargin: boolean;
  readonly booster: RawTrees | RawLinear;
  /** Round that early stopping found best, which the scikit-learn wrappers stop at. */
  readonly bestIteration?: number | undefined;
}
