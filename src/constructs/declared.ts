import { Node, type IConstruct } from 'constructs';
import type { InferenceService, ServingRuntime } from '../api';

/** What the constructs of one app have declared so far. */
interface Declared {
  readonly runtimes: ServingRuntime[];
  /** Functions, because a canary may still change a service. */
  readonly services: (() => InferenceService)[];
}

// Kept beside the tree: searching the tree for each of n services would take n squared steps.
const byRoot = new WeakMap<IConstruct, Declared>();

export function declaredIn(construct: IConstruct): Declared {
  const { root } = Node.of(construct);
  const known = byRoot.get(root);
  if (known) return known;
  const fresh: Declared = { runtimes: [], services: [] };
  byRoot.set(root, fresh);
  return fresh;
}
