import type { KubeObject } from '../api';

interface Backend {
  readonly name: string;
  readonly weight?: number;
}

interface RouteSpec {
  readonly rules?: readonly {
    readonly backendRefs?: readonly Backend[];
    readonly filters?: readonly { readonly requestMirror?: { readonly backendRef: Backend } }[];
    readonly http?: { readonly paths: readonly { readonly backend: { readonly service: Backend } }[] };
  }[];
  readonly http?: readonly { readonly headers?: { readonly request?: { readonly set?: { readonly Host?: string } } } }[];
}

/**
 * Services that get a share of the requests of a route or an Ingress; none of any other kind. A VirtualService sends all to
 * the mesh's gateway, with the name of the Knative Service that is meant.
 */
export function routeBackends(route: KubeObject | undefined): readonly string[] {
  const { rules = [], http = [] } = (route?.['spec'] ?? {}) as RouteSpec;
  if (route?.kind === 'VirtualService') return [...new Set(http.flatMap(({ headers }) => headers?.request?.set?.Host?.split('.')[0] ?? []))];
  if (route?.kind !== 'HTTPRoute' && route?.kind !== 'GRPCRoute' && route?.kind !== 'Ingress') return [];
  const backends = rules.flatMap(({ backendRefs = [], http: ofIngress }) => [...backendRefs, ...(ofIngress?.paths ?? []).map(({ backend }) => backend.service)]);
  return backends.filter(({ weight }) => weight !== 0).map(({ name }) => name);
}

/** Services that get copies of the requests of a route. */
export function mirrorBackends(route: KubeObject): readonly string[] {
  const { rules = [] } = (route['spec'] ?? {}) as RouteSpec;
  if (route.kind !== 'HTTPRoute' && route.kind !== 'GRPCRoute') return [];
  return rules.flatMap(({ filters = [] }) => filters.flatMap(({ requestMirror }) => requestMirror?.backendRef.name ?? []));
}
