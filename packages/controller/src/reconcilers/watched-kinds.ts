import { CONFIG_MAP_NAME, GATEWAY_API, INFERENCE_SERVICE_API, KNATIVE_SERVING_API, LABEL, SERVING_RUNTIME_API } from 'cdk8s-kserve/api';
import type { Indexer } from '../engine/object-store';
import { slimChild, slimConfig, slimPod, withoutManagedFields, type Slim } from './slim';

/** What a watched kind is to the controller. */
export type Role = 'service' | 'world' | 'config' | 'child' | 'pod';

export interface WatchedKind {
  readonly role: Role;
  readonly apiVersion: string;
  readonly kind: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly indexers?: Readonly<Record<string, Indexer>>;
  /** Keeps what the controller reads and drops the rest before it is cached. */
  readonly slim: Slim;
}

/** Index of children by the uid of the service that controls them. */
export const BY_OWNER = 'owner';
/** Index of pods by `namespace/service`. */
export const BY_SERVICE = 'service';

// Every child carries this label; without it the cache would hold all Deployments and Pods of the cluster.
const OF_SERVICES = LABEL.inferenceService;

const byOwner: Indexer = (object) =>
  (object.metadata.ownerReferences ?? []).filter((o) => o.controller === true && o.kind === 'InferenceService').map((o) => o.uid);

const byService: Indexer = ({ metadata }) => {
  const service = metadata.labels?.[LABEL.inferenceService];
  return service ? [`${metadata.namespace ?? ''}/${service}`] : [];
};

function child(apiVersion: string, kind: string): WatchedKind {
  return { role: 'child', apiVersion, kind, labelSelector: OF_SERVICES, indexers: { [BY_OWNER]: byOwner }, slim: slimChild };
}

/** All that the InferenceService reconciler watches. Kinds that the cluster lacks are waited for. */
export const WATCHED_KINDS: readonly WatchedKind[] = [
  { role: 'service', apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', slim: withoutManagedFields },
  { role: 'world', apiVersion: SERVING_RUNTIME_API, kind: 'ServingRuntime', slim: withoutManagedFields },
  { role: 'world', apiVersion: SERVING_RUNTIME_API, kind: 'ClusterServingRuntime', slim: withoutManagedFields },
  { role: 'config', apiVersion: 'v1', kind: 'ConfigMap', fieldSelector: `metadata.name=${CONFIG_MAP_NAME}`, slim: slimConfig },
  child('v1', 'Service'),
  child('apps/v1', 'Deployment'),
  child('autoscaling/v2', 'HorizontalPodAutoscaler'),
  child(GATEWAY_API, 'HTTPRoute'),
  child(KNATIVE_SERVING_API, 'Service'),
  { role: 'pod', apiVersion: 'v1', kind: 'Pod', labelSelector: OF_SERVICES, indexers: { [BY_SERVICE]: byService }, slim: slimPod },
];

export function kindName(kind: { readonly apiVersion: string; readonly kind: string }): string {
  return `${kind.apiVersion} ${kind.kind}`;
}
