import { GATEWAY_API, jsonEqual, objectKey, type Condition, type KubeObject } from 'cdk8s-kserve/api';
import { applyObjects } from '../cluster/apply-objects';
import { transition } from '../reconciling/conditions';
import { own, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { writeStatus } from '../reconciling/write-status';
import type { Service } from '../workloads/endpoints';
import { backendProblem } from './compile-http-route';
import { SUPPORTED_FILTERS, type HttpRoute, type ParentRef } from './http-route';
import { localGateway } from './local-gateway';

const CONTROLLER_NAME = 'cdk8s-kserve.io/local-gateway';
/** What it can do beyond the core of the Gateway API; whatever mirrors requests is not among it. */
const FEATURES = ['Gateway', 'HTTPRoute', 'HTTPRouteHostRewrite', 'HTTPRoutePathRewrite', 'HTTPRouteRequestTimeout', 'HTTPRouteResponseHeaderModification'];

interface ParentStatus {
  readonly parentRef: ParentRef;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

/** Says of each HTTPRoute whether the gateway serves it. Every parent is this gateway: local mode has only one. */
export function httpRouteStatusReconciler(context: ReconcilerContext): Reconciler {
  const { informers, clock } = context;
  const service = (key: string): Service | undefined => informers.get('Service', key) as Service | undefined;

  async function reconcile(key: string): Promise<void> {
    const route = informers.get('HTTPRoute', key) as HttpRoute | undefined;
    if (!route || route.metadata.deletionTimestamp) return;
    const before = (route.status?.parents ?? []) as readonly ParentStatus[];
    const conditions = [accepted(route), resolved(route, service)].map((c) => ({ ...c, observedGeneration: route.metadata.generation ?? 0 }));
    const parents = (route.spec.parentRefs ?? []).map((parentRef) => {
      const previous = before.find((p) => p.controllerName === CONTROLLER_NAME && jsonEqual(p.parentRef, parentRef))?.conditions ?? [];
      return { parentRef, controllerName: CONTROLLER_NAME, conditions: transition(conditions, previous, clock.now()) };
    });
    await writeStatus(context, 'HTTPRoute', route, { parents });
  }

  function routesTo(object: KubeObject): readonly string[] {
    const routes = informers.list('HTTPRoute') as HttpRoute[];
    return routes.filter((r) => r.spec.rules?.some((rule) => rule.backendRefs?.some((b) => b.name === object.metadata.name))).map((r) => objectKey(r.metadata));
  }

  return {
    name: 'httproute',
    watches: [
      { kind: 'HTTPRoute', keys: own },
      { kind: 'Service', keys: routesTo },
    ],
    reconcile,
  };
}

/**
 * Accepts every Gateway and gives it the address of this one. A Gateway that a route names and nobody made is made: of
 * whatever name the platform's is, local mode serves it.
 */
export function gatewayStatusReconciler(context: ReconcilerContext, host: string): Reconciler {
  const { api, informers, clock } = context;

  async function reconcile(key: string): Promise<void> {
    const gateway = informers.get('Gateway', key) ?? (await create(key));
    if (!gateway || gateway.metadata.deletionTimestamp) return;
    await tellFeatures((gateway['spec'] as { readonly gatewayClassName: string }).gatewayClassName);
    const before = (gateway['status'] ?? {}) as { readonly conditions?: readonly Condition[] };
    const observedGeneration = gateway.metadata.generation ?? 0;
    const conditions = ['Accepted', 'Programmed'].map((type) => ({ type, status: 'True' as const, reason: type, message: 'served by the gateway of local mode', observedGeneration }));
    await writeStatus(context, 'Gateway', gateway, { addresses: [{ type: 'IPAddress', value: host }], conditions: transition(conditions, before.conditions ?? [], clock.now()) });
  }

  async function create(key: string): Promise<KubeObject | undefined> {
    const isNamed = informers.list('HTTPRoute').some((route) => gatewaysOf(route).includes(key));
    if (!isNamed) return undefined;
    const [namespace = '', name = ''] = key.split('/');
    const applied = await applyObjects(api, localGateway(namespace, name));
    return applied.find(({ kind }) => kind === 'Gateway');
  }

  /** Of whatever class a Gateway is, here it can do what this one can. */
  async function tellFeatures(className: string): Promise<void> {
    const found = await api.get({ apiVersion: GATEWAY_API, kind: 'GatewayClass', name: className });
    const [gatewayClass] = found ? [found] : await applyObjects(api, [{ apiVersion: GATEWAY_API, kind: 'GatewayClass', metadata: { name: className }, spec: { controllerName: CONTROLLER_NAME } }]);
    const supportedFeatures = FEATURES.map((name) => ({ name }));
    const { conditions = [], supportedFeatures: told } = (gatewayClass?.['status'] ?? {}) as { readonly conditions?: readonly Condition[]; readonly supportedFeatures?: readonly object[] };
    if (!gatewayClass || jsonEqual(told, supportedFeatures)) return;
    const accepted = { type: 'Accepted', status: 'True' as const, reason: 'Accepted', message: 'served by the gateway of local mode', observedGeneration: gatewayClass.metadata.generation ?? 0 };
    await api.replaceStatus({ ...gatewayClass, status: { conditions: transition([accepted], conditions, clock.now()), supportedFeatures } });
  }

  return { name: 'gateway', watches: [{ kind: 'Gateway', keys: own }, { kind: 'HTTPRoute', keys: gatewaysOf }], reconcile };
}

/** Keys of the Gateways that a route is attached to; a route may be attached to a Service too. */
function gatewaysOf(route: KubeObject): readonly string[] {
  const { parentRefs = [] } = (route as HttpRoute).spec;
  return parentRefs.filter(({ kind = 'Gateway' }) => kind === 'Gateway').map(({ name, namespace = route.metadata.namespace }) => objectKey({ name, namespace }));
}

function accepted(route: HttpRoute): Condition {
  const filters = (route.spec.rules ?? []).flatMap((r) => r.filters ?? []);
  const unknown = filters.find((f) => !SUPPORTED_FILTERS.includes(f.type));
  return unknown
    ? { type: 'Accepted', status: 'False', reason: 'UnsupportedValue', message: `filter ${unknown.type} is not supported; supported are ${SUPPORTED_FILTERS.join(', ')}` }
    : { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Route is accepted' };
}

function resolved(route: HttpRoute, service: (key: string) => Service | undefined): Condition {
  const refs = (route.spec.rules ?? []).flatMap((r) => r.backendRefs ?? []);
  const problem = refs.map((ref) => backendProblem(ref, route.metadata.namespace ?? 'default', service)).find((p) => p !== undefined);
  return problem ? { type: 'ResolvedRefs', status: 'False', ...problem } : { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: 'Resolved all the Object references for the Route' };
}
