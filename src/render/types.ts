import type {
  ClusterStorageContainer, ComponentRole, DeploymentMode, InferenceService, KubeObject, PlatformConfig, Problem, ServingRuntime, StringMap, TrainedModel,
} from '../api';
import type { GatewayFacts } from './gateway-facts';

/** All that `render` may know besides the resource. No clock, no randomness, no I/O. */
export interface World {
  readonly config: PlatformConfig;
  /** Runtimes of every namespace and the cluster's own, in any order. */
  readonly runtimes: readonly ServingRuntime[];
  /** Group versions that the cluster serves, or undefined when nobody knows and all are assumed. */
  readonly apis?: ReadonlySet<string>;
  readonly storageContainers?: readonly ClusterStorageContainer[];
  /** Accounts and secrets that credentials are found through; undefined when nobody looked. */
  readonly serviceAccounts?: readonly ServiceAccountFacts[];
  readonly secrets?: readonly SecretFacts[];
  /** Services that a graph may name; undefined when nobody looked. */
  readonly services?: readonly InferenceService[];
  /** Models of multi-model services; undefined when nobody looked. */
  readonly trainedModels?: readonly TrainedModel[];
  /** What the platform's gateway says that it can do; undefined when nobody looked, or it is not there. */
  readonly gateway?: GatewayFacts;
  readonly observed?: Observed;
}

export interface ServiceAccountFacts {
  readonly namespace: string;
  readonly name: string;
  readonly annotations: StringMap;
  /** Names of the secrets listed in the account. */
  readonly secrets: readonly string[];
}

/** What may be known of a secret: its keys, never a value. */
export interface SecretFacts {
  readonly namespace: string;
  readonly name: string;
  readonly annotations: StringMap;
  readonly keys: readonly string[];
}

/** What a cluster showed, where KServe's output depends on it. */
export interface Observed {
  /** Knative revision that each component had rolled out completely. @default - what the service's status says */
  readonly rolledOut?: Partial<Record<ComponentRole, string>>;
  /** Names of canary Deployments without an available replica: they get no traffic yet. */
  readonly unavailable?: ReadonlySet<string>;
}

export const DECISION_TOPICS = [
  'mode', 'runtime', 'protocol', 'storage', 'credentials', 'autoscaling', 'route', 'canary', 'agent', 'metrics', 'component', 'graph', 'stop', 'default',
] as const;

/** One choice that `render` made, with the reason: what `isvc plan` prints and events say. */
export interface Decision {
  readonly topic: (typeof DECISION_TOPICS)[number];
  readonly choice: string;
  readonly because: string;
}

/** The same decisions with the object that they are about named, for all but the one that a reader expects. */
export function aboutObject(name: string, decisions: readonly Decision[]): readonly Decision[] {
  return decisions.map((d) => ({ ...d, choice: `${name}: ${d.choice}` }));
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
  /** Children in the order in which they are applied; empty when a problem is an error or the service is stopped. */
  readonly children: readonly KubeObject[];
  readonly decisions: readonly Decision[];
  readonly problems: readonly Problem[];
  readonly runtime?: { readonly kind: ServingRuntime['kind']; readonly name: string };
  readonly endpoints?: Endpoints;
  /** Why nobody can tell whether a shadow gets its copies of requests, and what to do. @default - there is no shadow, or no doubt */
  readonly mirrorDoubt?: string;
  /** The stop annotation took every child away. */
  readonly stopped?: true;
}

/** Children of one mode, before they become a result. */
export interface Rendered {
  readonly children: readonly KubeObject[];
  readonly decisions: readonly Decision[];
  readonly endpoints: Endpoints;
  /** Warnings. @default - none */
  readonly problems?: readonly Problem[];
  /** See `RenderResult`. */
  readonly mirrorDoubt?: string;
}
