import type { KubeObject, Problem } from '../api';
import type { Decision } from '../render';

/** One field that differs. An absent side is undefined. */
export interface FieldChange {
  /** Path with list elements by their key: `spec.containers[name=server].image`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a change does to running pods. */
export interface Restart {
  /** Pods that start anew; the smallest number that the service keeps. */
  readonly pods: number;
  readonly because: string;
}

/** One child that comes, goes or changes. */
export interface ChildChange {
  readonly action: 'add' | 'change' | 'remove';
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Of a change: what differs. Empty for add and remove. */
  readonly fields: readonly FieldChange[];
  readonly restart?: Restart;
}

/** Kinds that are rendered into children. */
export type PlannedKind = 'InferenceService' | 'InferenceGraph';

/** What happens to one resource's children. */
export interface ResourcePlan {
  readonly kind: PlannedKind;
  readonly namespace: string;
  readonly name: string;
  readonly mode: string;
  readonly changes: readonly ChildChange[];
  /** Why the children are what they are. Empty for a resource that goes away. */
  readonly decisions: readonly Decision[];
  /** What keeps the resource from being rendered; then nothing changes. */
  readonly problems: readonly Problem[];
}

export interface Plan {
  readonly resources: readonly ResourcePlan[];
  readonly summary: { readonly added: number; readonly changed: number; readonly removed: number; readonly restartedPods: number };
}

/** Children of one resource on one side of a comparison. */
export interface ResourceChildren {
  readonly kind: PlannedKind;
  readonly namespace: string;
  readonly name: string;
  readonly mode: string;
  readonly children: readonly KubeObject[];
  readonly decisions: readonly Decision[];
  readonly problems: readonly Problem[];
}
