import type { Condition, Container, KubeObject, ObjectMeta, PodFields, StringMap } from 'cdk8s-kserve/api';

export const SERVING = 'serving.knative.dev/v1';
const PREFIX = 'serving.knative.dev';

export const KNATIVE_LABEL = {
  service: `${PREFIX}/service`,
  configuration: `${PREFIX}/configuration`,
  configurationGeneration: `${PREFIX}/configurationGeneration`,
  revision: `${PREFIX}/revision`,
  revisionUid: `${PREFIX}/revisionUID`,
} as const;

export interface RevisionTemplate {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec: RevisionSpec;
}

export interface RevisionSpec extends PodFields {
  readonly containers: readonly (Omit<Container, 'name'> & { readonly name?: string })[];
  readonly containerConcurrency?: number;
  readonly timeoutSeconds?: number;
  readonly responseStartTimeoutSeconds?: number;
  readonly idleTimeoutSeconds?: number;
}

export interface TrafficTarget {
  readonly revisionName?: string;
  readonly configurationName?: string;
  readonly latestRevision?: boolean;
  readonly percent?: number;
  readonly tag?: string;
  readonly url?: string;
}

export interface KnativeService extends KubeObject {
  readonly spec: { readonly template: RevisionTemplate; readonly traffic?: readonly TrafficTarget[] };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Configuration extends KubeObject {
  readonly spec: { readonly template: RevisionTemplate };
  readonly status?: ConfigurationStatus;
}

export interface ConfigurationStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly latestCreatedRevisionName?: string;
  readonly latestReadyRevisionName?: string;
}

export interface Route extends KubeObject {
  readonly spec: { readonly traffic?: readonly TrafficTarget[] };
  readonly status?: RouteStatus;
}

export interface RouteStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly url?: string;
  readonly address?: { readonly url: string };
  readonly traffic?: readonly TrafficTarget[];
}

export interface Revision extends KubeObject {
  readonly spec: RevisionSpec;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** A condition's status, Unknown where it is missing. */
export function statusOf(object: { readonly status?: { readonly conditions?: readonly Condition[] } } | undefined, type: string): Condition['status'] {
  return object?.status?.conditions?.find((c) => c.type === type)?.status ?? 'Unknown';
}

/** The condition under a new type; Unknown where it is missing. */
export function asCondition(type: string, from: Condition | undefined): Condition {
  if (!from) return { type, status: 'Unknown' };
  const { status, reason, message } = from;
  return { type, status, ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
}

/** Ready as Knative sums it up: True when all are, else what the first False, or Unknown, one says. */
export function happy(dependents: readonly Condition[]): Condition {
  const worst = dependents.find((c) => c.status === 'False') ?? dependents.find((c) => c.status === 'Unknown');
  return asCondition('Ready', worst ?? { type: 'Ready', status: 'True' });
}

export function labelsOf(object: { readonly metadata?: Partial<ObjectMeta> }): StringMap {
  return object.metadata?.labels ?? {};
}
