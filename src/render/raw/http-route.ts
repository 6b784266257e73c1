import { GATEWAY_API, SERVICE_PORT, type KubeObject, type PlatformConfig } from '../../api';
import { unlessEmpty, type ComponentMetadata } from '../metadata';

export interface Backend {
  readonly service: string;
  /** @default 80 */
  readonly port?: number;
  /** Share of the requests; absent when there is one backend. */
  readonly weight?: number;
}

/** A backend that gets a copy of a share of the requests. */
export type Mirror = Backend & { readonly percent: number };

/** Which requests of a host a rule takes. */
export type RouteMatch =
  | { readonly kind: 'regex'; readonly path: string }
  | { readonly kind: 'grpc'; readonly path: string }
  /** The path is taken off (`rewrite` put in its place) before the backend sees it. */
  | { readonly kind: 'prefix' | 'exact'; readonly path: string; readonly rewrite: string };

export interface RouteRule {
  readonly match: RouteMatch;
  readonly backends: readonly Backend[];
  /** Backends that get a copy of each request and whose answers are dropped. */
  readonly mirrors?: readonly Mirror[];
  /** Seconds; undefined is KServe's 60. */
  readonly timeout?: number | undefined;
}

export interface RouteRequest {
  readonly name: string;
  /** Empty for a route of calls inside the cluster. */
  readonly hosts: readonly string[];
  readonly rules: readonly RouteRule[];
  /** Service whose calls are routed, instead of the platform's gateway. */
  readonly parentService?: string;
  /** Leaves out the headers that name an InferenceService. */
  readonly withoutHeaders?: true;
}

export const ALL_PATHS: RouteMatch = { kind: 'regex', path: '^/.*$' };
const DEFAULT_TIMEOUT_SECONDS = 60;
const GROUP = 'gateway.networking.k8s.io';

/** One Gateway API route, with the headers that KServe's own routes set. */
export function renderHttpRoute(request: RouteRequest, owner: KubeObject, metadata: ComponentMetadata, config: PlatformConfig): KubeObject {
  const namespace = owner.metadata.namespace ?? 'default';
  const parent = request.parentService === undefined ? gatewayParent(config) : { group: '', kind: 'Service', name: request.parentService, port: SERVICE_PORT };
  return {
    apiVersion: GATEWAY_API,
    kind: 'HTTPRoute',
    metadata: { name: request.name, namespace, ...unlessEmpty('labels', metadata.labels), ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      ...(request.hosts.length > 0 ? { hostnames: request.hosts } : {}),
      parentRefs: [parent],
      rules: request.rules.map((rule) => renderRule(rule, request.withoutHeaders ? undefined : owner.metadata.name, namespace, config)),
    },
  };
}

function renderRule(rule: RouteRule, serviceName: string | undefined, namespace: string, config: PlatformConfig): object {
  const filters = [
    ...(serviceName === undefined ? [] : [serviceHeaders(serviceName, namespace)]),
    ...rewriteOf(rule.match),
    ...(rule.mirrors ?? []).map((mirror) => mirrorFilter(mirror, namespace)),
  ];
  return {
    matches: [matchOf(rule.match)],
    ...(filters.length > 0 ? { filters } : {}),
    backendRefs: rule.backends.map((backend) => backendRef(backend, namespace)),
    ...(config.ingress.disableHTTPRouteTimeout ? {} : { timeouts: { request: `${rule.timeout ?? DEFAULT_TIMEOUT_SECONDS}s` } }),
  };
}

/** The platform's gateway, as a route names it. */
export function gatewayParent(config: PlatformConfig): object {
  const [namespace, name] = config.ingress.kserveIngressGateway.split('/');
  return { group: GROUP, kind: 'Gateway', namespace, name };
}

export function mirrorFilter({ percent, ...backend }: Mirror, namespace: string): object {
  return { type: 'RequestMirror', requestMirror: { backendRef: backendRef(backend, namespace), ...(percent < 100 ? { percent } : {}) } };
}

/** Headers that KServe's own routes set. */
export function serviceHeaders(serviceName: string, namespace: string): object {
  return {
    type: 'RequestHeaderModifier',
    requestHeaderModifier: { set: [{ name: 'KServe-Isvc-Name', value: serviceName }, { name: 'KServe-Isvc-Namespace', value: namespace }] },
  };
}

export function backendRef({ service, port, weight }: Backend, namespace: string): object {
  return { kind: 'Service', name: service, namespace, port: port ?? SERVICE_PORT, ...(weight === undefined ? {} : { weight }) };
}

function matchOf(match: RouteMatch): object {
  switch (match.kind) {
    case 'regex':
      return { path: { type: 'RegularExpression', value: match.path } };
    case 'grpc':
      return { path: { type: 'RegularExpression', value: match.path }, headers: [{ type: 'RegularExpression', name: 'content-type', value: '^application/grpc.*' }] };
    case 'prefix':
      return { path: { type: 'PathPrefix', value: match.path } };
    case 'exact':
      return { path: { type: 'Exact', value: match.path } };
  }
}

function rewriteOf(match: RouteMatch): readonly object[] {
  if (match.kind === 'prefix') return [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: match.rewrite } } }];
  if (match.kind === 'exact') return [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: match.rewrite } } }];
  return [];
}
