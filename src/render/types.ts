import type { KubeObject, PlatformConfig, Problem, ServingRuntime, DeploymentMode } from '../api';

/** All that `render` may know besides the resource. No clock, no randomness, no I/O. */
export interface World {
  readonly config: PlatformConfig;
  /** Runtimes of every namespace and the cluster's own, in any order. */
  readonly runtimes: readonly ServingRuntime[];
  /** Group versions that the cluster serves, or undefined when nobody knows and all are assumed. */
  readonly apis?: ReadonlySet<string>;
}

/** One choice that `render` made, with the reason: what `isvc plan` prints and events say. */
export interface Decision {
  readonly topic: 'mode' | 'runtime' | 'protocol' | 'storage' | 'autoscaling' | 'route' | 'default';
  readonly choice: string;
  readonly because: string;
}

/** Where a rendered service will answer. */
export interface Endpoints {
  /** External entry point, undefined when the service is cluster-local or has no route. */
  readonly url?: string;
  /** Entry point inside the cluster. */
  readonly address: string;
  readonly components: Readonly<Record<string, { readonly objectName: string; readonly url?: string }>>;
}

export interface RenderResult {
  readonly mode: DeploymentMode;
  /** Children in the order in which they are applied; empty when a problem is an error. */
  readonly children: readonly KubeObject[];
  readonly decisions: readonly Decision[];
  readonly problems: readonly Problem[];
  readonly runtime?: { readonly kind: ServingRuntime['kind']; readonly name: string };
  readonly endpoints?: Endpoints;
}
