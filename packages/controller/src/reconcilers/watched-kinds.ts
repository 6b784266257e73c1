import {
  CONFIG_MAP_NAME, GATEWAY_API, INFERENCE_SERVICE_API, ISTIO_NETWORKING_API, KEDA_API, KNATIVE_SERVING_API, LABEL, OPENTELEMETRY_API, SERVING_RUNTIME_API,
} from 'cdk8s-kserve/api';
import type { Indexer } from '../engine/object-store';
import { slimAccount, slimChild, slimConfig, slimGateway, slimGatewayClass, slimPod, withoutManagedFields, type Slim } from './slim';

/** What a watched kind is to the controller. */
export type Role = 'owner' | 'world' | 'config' | 'gateway' | 'account' | 'child' | 'pod';

export interface WatchedKind {
  readonly role: Role;
  readonly apiVersion: string;
  readonly kind: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly indexers?: Readonly<Record<string, Indexer>>;
  /**
   * Work does not begin while the API server forbids to list it: acting without it would change what serves. Of any other
   * kind the services that need it say so.
   */
  readonly required: boolean;
  /** Keeps what the controller reads and drops the rest before it is cached. */
  readonly slim: Slim;
}

/** Index of children by the uid of what controls them. */
export const BY_OWNER = 'owner';
/** Index of service accounts by namespace. */
export const BY_NAMESPACE = 'namespace';
/** Index of pods by `namespace/name` of the service or graph they belong to. */
export const BY_OWNER_NAME = 'ownerName';

const byOwner: Indexer = (object) => (object.metadata.ownerReferences ?? []).filter((o) => o.controller === true).map((o) => o.uid);

/** Every child and pod carries the label of its owner's kind; without it the cache would hold all Deployments and Pods of the cluster. */
function child(apiVersion: string, kind: string, label: string = LABEL.inferenceService): WatchedKind {
  return { role: 'child', apiVersion, kind, required: false, labelSelector: label, indexers: { [BY_OWNER]: byOwner }, slim: slimChild };
}

function pods(label: string): WatchedKind {
  const byOwnerName: Indexer = ({ metadata }) => {
    const name = metadata.labels?.[label];
    return name ? [`${metadata.namespace ?? ''}/${name}`] : [];
  };
  return { role: 'pod', apiVersion: 'v1', kind: 'Pod', required: false, labelSelector: label, indexers: { [BY_OWNER_NAME]: byOwnerName }, slim: slimPod };
}

function world(kind: string): WatchedKind {
  return { role: 'world', apiVersion: SERVING_RUNTIME_API, kind, required: true, slim: withoutManagedFields };
}

const byNamespace: Indexer = ({ metadata }) => [metadata.namespace ?? ''];

/** Whoever publishes raw services through it needs not read it: then only what their routes say of it is known. */
export const GATEWAY_KIND: WatchedKind = { role: 'gateway', apiVersion: GATEWAY_API, kind: 'Gateway', required: false, slim: slimGateway };
/** What gateways of a class can do. */
const GATEWAY_CLASS_KIND: WatchedKind = { ...GATEWAY_KIND, kind: 'GatewayClass', slim: slimGatewayClass };

/** All that the InferenceService reconciler watches. Kinds that the cluster lacks are waited for. */
export const WATCHED_KINDS: readonly WatchedKind[] = [
  { role: 'owner', apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', required: true, slim: withoutManagedFields },
  world('ServingRuntime'),
  world('ClusterServingRuntime'),
  world('ClusterStorageContainer'),
  { role: 'config', apiVersion: 'v1', kind: 'ConfigMap', required: true, fieldSelector: `metadata.name=${CONFIG_MAP_NAME}`, slim: slimConfig },
  { role: 'account', apiVersion: 'v1', kind: 'ServiceAccount', required: true, indexers: { [BY_NAMESPACE]: byNamespace }, slim: slimAccount },
  GATEWAY_KIND,
  GATEWAY_CLASS_KIND,
  child('v1', 'Service'),
  child('v1', 'ConfigMap'),
  child('apps/v1', 'Deployment'),
  child('autoscaling/v2', 'HorizontalPodAutoscaler'),
  child('policy/v1', 'PodDisruptionBudget'),
  child('networking.k8s.io/v1', 'Ingress'),
  child(GATEWAY_API, 'HTTPRoute'),
  child(GATEWAY_API, 'GRPCRoute'),
  child(KNATIVE_SERVING_API, 'Service'),
  child(ISTIO_NETWORKING_API, 'VirtualService'),
  child(KEDA_API, 'ScaledObject'),
  child(OPENTELEMETRY_API, 'OpenTelemetryCollector'),
  pods(LABEL.inferenceService),
];

/** All that the InferenceGraph reconciler watches beside the services. */
export const GRAPH_KINDS: readonly WatchedKind[] = [
  { role: 'owner', apiVersion: SERVING_RUNTIME_API, kind: 'InferenceGraph', required: false, slim: withoutManagedFields },
  child('v1', 'Service', LABEL.inferenceGraph),
  child('apps/v1', 'Deployment', LABEL.inferenceGraph),
  child('autoscaling/v2', 'HorizontalPodAutoscaler', LABEL.inferenceGraph),
  child(GATEWAY_API, 'HTTPRoute', LABEL.inferenceGraph),
  child(KNATIVE_SERVING_API, 'Service', LABEL.inferenceGraph),
  child(KEDA_API, 'ScaledObject', LABEL.inferenceGraph),
  pods(LABEL.inferenceGraph),
];

/** Models of multi-model services. */
export const TRAINED_MODEL_KINDS: readonly WatchedKind[] = [
  { role: 'owner', apiVersion: SERVING_RUNTIME_API, kind: 'TrainedModel', required: false, slim: withoutManagedFields },
];

export function kindName(kind: { readonly apiVersion: string; readonly kind: string }): string {
  return `${kind.apiVersion} ${kind.kind}`;
}
