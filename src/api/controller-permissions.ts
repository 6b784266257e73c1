/** One rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ['get', 'list', 'watch'];
/** Server-side apply of what is not there yet needs `create`, of what is there `patch`. */
const OWN = [...READ, 'create', 'patch', 'delete'];

/** Kinds of children by API group; the cluster need not serve the optional ones. */
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  '': ['services', 'configmaps'],
  apps: ['deployments'],
  autoscaling: ['horizontalpodautoscalers'],
  policy: ['poddisruptionbudgets'],
  'networking.k8s.io': ['ingresses'],
  'gateway.networking.k8s.io': ['httproutes', 'grpcroutes'],
  'serving.knative.dev': ['services'],
  'networking.istio.io': ['virtualservices'],
  'keda.sh': ['scaledobjects'],
  'opentelemetry.io': ['opentelemetrycollectors'],
};

/**
 * All that the controller needs in the namespaces whose services it looks after: everywhere as a ClusterRole, or in one
 * tenant's namespace as a Role. Secrets can be read by name only, never listed.
 */
export const SERVICE_RULES: readonly PolicyRule[] = [
  { apiGroups: ['serving.kserve.io'], resources: ['inferenceservices', 'inferencegraphs', 'trainedmodels', 'servingruntimes'], verbs: READ },
  { apiGroups: ['serving.kserve.io'], resources: ['inferenceservices/status', 'inferencegraphs/status', 'trainedmodels/status'], verbs: ['update', 'patch'] },
  // KServe's finalizers are taken off, which is a patch of the resource itself; nothing else of it is ever written.
  { apiGroups: ['serving.kserve.io'], resources: ['inferenceservices', 'trainedmodels'], verbs: ['patch'] },
  // Owner references that block deletion are only accepted from whoever may finalize the owner.
  { apiGroups: ['serving.kserve.io'], resources: ['inferenceservices/finalizers', 'inferencegraphs/finalizers'], verbs: ['update'] },
  ...Object.entries(CHILDREN).map(([group, resources]): PolicyRule => ({ apiGroups: [group], resources, verbs: OWN })),
  { apiGroups: [''], resources: ['pods', 'serviceaccounts'], verbs: READ },
  { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
];

/** What is the cluster's or the platform's; read only. A tenant's controller needs it too. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  { apiGroups: ['serving.kserve.io'], resources: ['clusterservingruntimes', 'clusterstoragecontainers'], verbs: READ },
  // The platform's config names one. Without it a service stays Ready when its Gateway goes, and a shadow may break answers.
  { apiGroups: ['gateway.networking.k8s.io'], resources: ['gateways', 'gatewayclasses'], verbs: READ },
];

/** In the controller's own namespace: the platform's configuration, and the lease that elects a leader. */
export const OWN_NAMESPACE_RULES: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['configmaps'], verbs: READ },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
];
