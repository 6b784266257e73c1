import type { Condition, InferenceService, KubeObject } from '../api';
import { finding, type Finding } from './conditions';
import { gatewayFinding, type ParentRef } from './gateway-finding';

interface RouteStatus {
  readonly parents?: readonly { readonly parentRef?: ParentRef; readonly conditions?: readonly Condition[] }[];
}

/** Kinds that lead requests from outside to a service. */
export const ROUTE_KINDS: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'Ingress', 'VirtualService'];

/** The reason of `IngressReady` in raw mode where no route is wanted: the one thing that tells it from a route that is gone. */
const NOT_PUBLISHED = 'NotPublished';

/** Where to look, by the Gateway API's reasons; what gateways say beside them is often nothing. */
const FIXES: Readonly<Record<string, string>> = {
  NotAllowedByListeners: 'none of its listeners admits this kind of route from this namespace; see allowedRoutes',
  NoMatchingListenerHostname: 'none of its listeners has a hostname that fits; see ingress.ingressDomain in inferenceservice-config',
  NoMatchingParent: 'it has no listener for this, or is not there; see ingress.kserveIngressGateway in inferenceservice-config',
};

/**
 * Whether every wanted route is accepted by its gateway, and that is there to serve it.
 *
 * KServe differs: this is about routes alone. Upstream also shows the predictor here, and then forgets to take it back.
 *
 * @param gateways of the cluster; undefined when nobody may look.
 */
export function routesFinding(wanted: readonly KubeObject[], live: (wanted: KubeObject) => KubeObject | undefined, gateways?: readonly KubeObject[]): Finding {
  const type = 'IngressReady';
  for (const route of wanted) {
    const name = `${route.kind} ${route.metadata.name}`;
    const found = live(route);
    if (!found) return finding(type, 'False', 'RouteMissing', `${name} does not exist yet`);
    // An Ingress or a VirtualService has no status that says whether somebody serves it.
    if (route.kind === 'Ingress' || route.kind === 'VirtualService') continue;
    const parents = ((found['status'] ?? {}) as RouteStatus).parents ?? [];
    const parent = (route['spec'] as { readonly parentRefs?: readonly ParentRef[] } | undefined)?.parentRefs?.[0];
    const wantedBy = parentName(parent);
    const atGateway = parent && gatewayFinding(type, route, parent, gateways);
    if (atGateway) return atGateway;
    if (parents.length === 0) return finding(type, 'False', 'ParentStatusNotAvailable', `${name} has not been accepted by ${wantedBy} yet`);
    for (const { parentRef, conditions = [] } of parents) {
      const refused = conditions.find((c) => c.status === 'False');
      if (refused) return finding(type, 'False', refused.reason, `${name}: ${refusalText(refused, parentRef ? parentName(parentRef) : wantedBy)}`);
    }
    if (!parents.some((p) => p.conditions?.some((c) => c.type === 'Accepted' && c.status === 'True'))) {
      return finding(type, 'Unknown', 'RouteNotAccepted', `${name} has not been accepted by ${wantedBy} yet`);
    }
  }
  return finding(type, 'True');
}

/** `IngressReady` in raw mode: the routes' own words, or that there are to be none. */
export function rawRoutesFinding(wanted: readonly KubeObject[], live: (wanted: KubeObject) => KubeObject | undefined, gateways?: readonly KubeObject[]): Finding {
  return wanted.length === 0 ? finding('IngressReady', 'True', NOT_PUBLISHED, 'reached inside the cluster only') : routesFinding(wanted, live, gateways);
}

/** Whether the route that a service had when last it was valid is gone. */
export function lostRoute({ metadata: { name }, status }: InferenceService, children: readonly KubeObject[]): boolean {
  const before = status?.conditions?.find((c) => c.type === 'IngressReady');
  // An address without a url stays on record through specs that are not valid, unlike the reason.
  const hadNone = before?.reason === NOT_PUBLISHED || (status?.address !== undefined && status.url === undefined);
  return before !== undefined && !hadNone && !children.some((c) => ROUTE_KINDS.includes(c.kind) && c.metadata.name === name);
}

function refusalText({ type, reason = '', message }: Condition, parent: string): string {
  const own = message ? message : `${type} is False at ${parent}`;
  const fix = FIXES[reason];
  return fix ? `${own}: ${fix}` : own;
}

function parentName(ref: ParentRef | undefined): string {
  return ref ? `${ref.kind ?? 'Gateway'} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}` : 'a gateway';
}
