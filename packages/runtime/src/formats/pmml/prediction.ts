import type { Present, Value } from './fields/value';

/** What a model says of one row. */
export interface Prediction {
  /** Value of the target; `undefined` where the model has none for the row. */
  readonly value: Value;
  /** By category, in the document's order. */
  readonly probabilities?: ReadonlyMap<Present, number>;
  readonly confidences?: ReadonlyMap<Present, number>;
  /** Of the tree's node, the cluster, the rule or the nearest neighbour. */
  readonly entityId?: string;
  /** Distance or similarity by cluster. */
  readonly affinities?: ReadonlyMap<string, number>;
  readonly displayName?: string;
  /** Entities from the best to the worst, of models that rank them. */
  readonly ranking?: readonly string[];
  readonly reasonCodes?: readonly string[];
}
