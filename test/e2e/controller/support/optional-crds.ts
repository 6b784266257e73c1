import type { KubeObject } from 'cdk8s-kserve/api';

/** Stand-ins for the CRDs of optional APIs: any content, a status subresource. */
function anything(group: string, kind: string, plural: string): KubeObject {
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
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: 'v1', served: true, storage: true, subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}

export const HTTP_ROUTE_CRD = anything('gateway.networking.k8s.io', 'HTTPRoute', 'httproutes');
export const KNATIVE_SERVICE_CRD = anything('serving.knative.dev', 'Service', 'services');
export const OPTIONAL_CRDS: readonly KubeObject[] = [HTTP_ROUTE_CRD, KNATIVE_SERVICE_CRD];
