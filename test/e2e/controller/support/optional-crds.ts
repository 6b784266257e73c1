import type { KubeObject } from 'cdk8s-kserve/api';

/** Stand-ins for the CRDs of optional APIs: any content, a status subresource. */
export function anything(group: string, kind: string, plural: string, version = 'v1', scope: 'Namespaced' | 'Cluster' = 'Namespaced'): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // Names below k8s.io are protected; this is the documented word for "not approved, a test".
      annotations: { 'api-approved.kubernetes.io': 'unapproved, test only' },
    },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version, served: true, storage: true, subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}

export const GATEWAY_CRD = anything('gateway.networking.k8s.io', 'Gateway', 'gateways');
export const GATEWAY_CLASS_CRD = anything('gateway.networking.k8s.io', 'GatewayClass', 'gatewayclasses', 'v1', 'Cluster');
export const HTTP_ROUTE_CRD = anything('gateway.networking.k8s.io', 'HTTPRoute', 'httproutes');
export const KNATIVE_SERVICE_CRD = anything('serving.knative.dev', 'Service', 'services');
export const SCALED_OBJECT_CRD = anything('keda.sh', 'ScaledObject', 'scaledobjects', 'v1alpha1');
export const OPTIONAL_CRDS: readonly KubeObject[] = [GATEWAY_CLASS_CRD, GATEWAY_CRD, HTTP_ROUTE_CRD, KNATIVE_SERVICE_CRD];
/** What only some platforms have. Not installed by default: with Istio there, serverless services get a mesh route. */
export const FURTHER_CRDS: readonly KubeObject[] = [
  anything('gateway.networking.k8s.io', 'GRPCRoute', 'grpcroutes'),
  SCALED_OBJECT_CRD,
  anything('networking.istio.io', 'VirtualService', 'virtualservices', 'v1beta1'),
  anything('opentelemetry.io', 'OpenTelemetryCollector', 'opentelemetrycollectors', 'v1beta1'),
];
