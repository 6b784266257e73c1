import type { KubeObject } from '../api';

interface Backend {
  readonly name: string;
  readonly weight?: number;
}

interface RouteSpec {
  readonly rules?: readonly {
    readonly backendRefs?: readonly Backend[];
    readonly http?: { readonly paths: readonly { readonly backend: { readonly service: Backend } }[] };
  }[];
}

/** Services that get a share of the requests of a route or an Ingress; none of any other kind. */
export function routeBackends(route: KubeObject | undefined): readonly string[] {
  if (route?.kind !== 'HTTPRoute' && route?.kind !== 'GRPCRoute' && route?.kind !== 'Ingress') return [];
  const { rules = [] } = (route['spec'] ?? {}) as RouteSpec;
  const backends = rules.flatMap(({ backendRefs = [], http }) => [...backendRefs, ...(http?.paths ?? []).map(({ backend }) => backend.service)]);
  return backends.filter(({ weight }) => weight !== 0).map(({ name }) => name);
}
