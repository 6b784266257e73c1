import type { InferenceService, KubeObject, Problem } from '../../api';
import type { Component } from '../component';
import { hostOf, serviceHosts, servicePath } from '../hosts';
import { serviceMetadata } from '../metadata';
import { componentName } from '../names';
import { weightsOf } from '../rollout/weights';
import type { Decision, World } from '../types';
import { componentsOf, entryOf, type Version } from '../versions';
import { renderGrpcRoute, speaksGrpcOnly } from './grpc-route';
import { ALL_PATHS, renderHttpRoute, type Backend, type RouteRule } from './http-route';
import { isHttp2, servicePorts } from './service';

/** All versions of a service and how its traffic is split between them. */
export interface RawVersions {
  readonly stable: Version;
  readonly canaries: readonly (Version & { readonly variant: NonNullable<Version['variant']> })[];
  readonly shadow: boolean;
  /** Why canaries get no copies of requests, of a shadow that the gateway cannot serve. */
  readonly unmirrored: Problem | undefined;
  /** Why nobody can tell whether they do. */
  readonly mirrorDoubt: string | undefined;
}

const EXPLAIN = { kind: 'regex', path: '^/v1/models/[\\w-]+:explain$' } as const;
const GRPC = { kind: 'grpc', path: '^/inference\\.GRPCInferenceService/.*$' } as const;

/**
 * Routes of a published service: one for each component's own host, one for the service's hosts, and one for its path
 * where the platform has path addresses. Every rule splits between versions as the rollout says.
 */
export function gatewayRoutes(service: InferenceService, versions: RawVersions, world: World): readonly KubeObject[] {
  const { config } = world;
  const { stable } = versions;
  const { name } = service.metadata;
  const shared = serviceMetadata(service, 'Standard', config);
  const route = (routeName: string, hosts: readonly string[], rules: readonly RouteRule[], target?: Component): KubeObject => {
    const render = target && speaksGrpcOnly(target, config) ? renderGrpcRoute : renderHttpRoute;
    return render({ name: routeName, hosts, rules }, service, shared, config);
  };
  const entry = entryOf(stable);
  const explain = stable.explainer ? [rule(EXPLAIN, versions, (v) => v.explainer, world)] : [];
  const path = servicePath(service, world);
  return [
    ...componentsOf(stable).map((component) => {
      const own = componentName(name, component.role);
      return route(own, [hostOf(own, service, world)], allRules(component, versions, (v) => v[component.role], world), component);
    }),
    route(name, serviceHosts(service, world), [...explain, ...allRules(entry, versions, entryOf, world)], explain.length === 0 ? entry : undefined),
    ...(path === undefined ? [] : [route(`${name}-path`, [config.ingress.ingressDomain], pathRules(path, name, versions, world))]),
  ];
}

/**
 * The route of calls inside the cluster to the service's entry: the same split as outside, where the platform's gateway
 * implementation routes Services (GAMMA). Undefined where there is nothing to split.
 */
export function serviceRoute(service: InferenceService, versions: RawVersions, world: World): { readonly object?: KubeObject; readonly decisions: readonly Decision[] } {
  if (versions.canaries.length === 0) return { decisions: [] };
  const entry = entryOf(versions.stable);
  if (!world.config.ingress.enableServiceRoutes) {
    const because = 'the platform has no Gateway API for Services (ingress.enableServiceRoutes), so a Service cannot split';
    return { decisions: [{ topic: 'canary', choice: `callers inside the cluster reach the stable version only, at ${entry.name}`, because }] };
  }
  const shared = serviceMetadata(service, 'Standard', world.config);
  const request = { name: `${service.metadata.name}-in-cluster`, hosts: [], rules: [rule(ALL_PATHS, versions, entryOf, world)], parentService: entry.name };
  return {
    object: renderHttpRoute(request, service, shared, world.config),
    decisions: [{ topic: 'canary', choice: `callers inside the cluster are split too, at ${entry.name}`, because: 'ingress.enableServiceRoutes is set' }],
  };
}

/**
 * Rules for every path. A component that speaks gRPC on one port and HTTP on another shares its host between the two,
 * told apart by what gRPC clients send: a host has either HTTPRoutes or GRPCRoutes, not both.
 */
function allRules(component: Component, versions: RawVersions, pick: Pick, world: World): readonly RouteRule[] {
  const ports = servicePorts(component);
  const grpc = ports.find((p) => p.appProtocol !== undefined || isHttp2(p.name));
  const http = ports.find((p) => p !== grpc && p.appProtocol === undefined && !isHttp2(p.name));
  if (!grpc || !http || component.role === 'explainer') return [rule(ALL_PATHS, versions, pick, world)];
  return [rule(GRPC, versions, pick, world, grpc.port), rule(ALL_PATHS, versions, pick, world, http.port)];
}

/** KServe differs: the path is taken off before the server sees the request; upstream passes it on and the server answers 404. */
function pathRules(path: string, name: string, versions: RawVersions, world: World): readonly RouteRule[] {
  const explain = `/v1/models/${name}:explain`;
  return [
    ...(versions.stable.explainer ? [rule({ kind: 'exact', path: `${path}${explain}`, rewrite: explain }, versions, (v) => v.explainer, world)] : []),
    rule({ kind: 'prefix', path, rewrite: '/' }, versions, entryOf, world),
  ];
}

type Pick = (version: Version) => Component | undefined;

function rule(match: RouteRule['match'], versions: RawVersions, pick: Pick, world: World, port?: number): RouteRule {
  const stable = pick(versions.stable);
  const toBackend = (component: Component | undefined): Backend => ({ service: component?.name ?? '', ...(port === undefined ? {} : { port }) });
  const timeout = stable?.extension.timeout;
  const { canaries } = versions;
  if (canaries.length === 0) return { match, backends: [toBackend(stable)], timeout };
  const unavailable = world.observed?.unavailable;
  if (versions.shadow) {
    const mirrored = canaries.filter((c) => !versions.unmirrored && !unavailable?.has(c.predictor.name) && c.variant.trafficPercent > 0);
    return { match, backends: [toBackend(stable)], mirrors: mirrored.map((c) => ({ ...toBackend(pick(c)), percent: c.variant.trafficPercent })), timeout };
  }
  const shares = weightsOf<Version>(versions.stable, canaries.map((c) => ({ item: c, variant: c.variant })), (v) => !unavailable?.has(v.predictor.name));
  return { match, backends: shares.map(({ item, weight }) => ({ ...toBackend(pick(item)), weight })), timeout };
}
