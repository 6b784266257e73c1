import { objectKey } from 'cdk8s-kserve/api';
import type { Service } from '../workloads/endpoints';
import type { Backends } from './backends';
import { compileMatch } from './compile-match';
import { compileHeaderChange, compileRewrite } from './filters';
import { durationMs, SUPPORTED_FILTERS, type BackendRef, type HttpRoute, type HttpRouteRule } from './http-route';
import type { RankedRule } from './route-table';
import type { RouteTarget } from './route-rule';
import { WeightedChoice, type Weighted } from './weighted-choice';

export interface CompileContext {
  readonly backends: Backends;
  readonly service: (key: string) => Service | undefined;
}

/** Hosts of a route and the rules under each of them. */
export function compileHttpRoute(route: HttpRoute, context: CompileContext): { readonly hosts: readonly string[]; readonly rules: readonly RankedRule[] } {
  const hosts = route.spec.hostnames?.length ? route.spec.hostnames : ['*'];
  const rules = (route.spec.rules ?? [{}]).flatMap((rule) => compileRule(rule, route, context));
  return { hosts, rules };
}

/** Why a backend reference leads nowhere, as the reason and message of a ResolvedRefs condition; undefined when it is fine. */
export function backendProblem(ref: BackendRef, namespace: string, service: CompileContext['service']): { readonly reason: string; readonly message: string } | undefined {
  if ((ref.kind ?? 'Service') !== 'Service' || (ref.group ?? '') !== '') return { reason: 'InvalidKind', message: `backend ${ref.name} is a ${ref.kind}; only Services are supported` };
  const key = objectKey({ name: ref.name, namespace: ref.namespace ?? namespace });
  const found = service(key);
  if (!found) return { reason: 'BackendNotFound', message: `Service ${key} does not exist` };
  const ports = found.spec.ports?.map((p) => p.port) ?? [];
  if (ref.port === undefined || !ports.includes(ref.port)) return { reason: 'BackendNotFound', message: `Service ${key} has no port ${ref.port}; it has ${ports.join(', ') || 'none'}` };
  return undefined;
}

function compileRule(rule: HttpRouteRule, route: HttpRoute, context: CompileContext): readonly RankedRule[] {
  const namespace = route.metadata.namespace ?? 'default';
  const { matches = [{}], filters = [], backendRefs = [] } = rule;
  const targets = backendRefs.map((ref): Weighted<RouteTarget> => {
    const requestHeaders = compileHeaderChange(ref.filters ?? [], 'requestHeaderModifier');
    const backend = context.backends.get(ref.namespace ?? namespace, ref.name, ref.port ?? 80);
    return { weight: ref.weight ?? 1, value: { backend, ...(requestHeaders ? { requestHeaders } : {}) } };
  });
  const broken = backendRefs.map((ref) => backendProblem(ref, namespace, context.service)?.message).find((m) => m !== undefined);
  const unsupported = filters.find((f) => !SUPPORTED_FILTERS.includes(f.type));
  const requestHeaders = compileHeaderChange(filters, 'requestHeaderModifier');
  const responseHeaders = compileHeaderChange(filters, 'responseHeaderModifier');
  // One choice for all matches of a rule: the weights are the rule's.
  const choice = new WeightedChoice(targets);
  return matches.map((match) => {
    const compiled = compileMatch(match);
    const rewrite = compileRewrite(filters, compiled.prefix);
    return {
      rank: compiled.rank,
      matches: compiled.matches,
      targets: choice,
      timeoutMs: durationMs(rule.timeouts?.request),
      ...(requestHeaders ? { requestHeaders } : {}),
      ...(responseHeaders ? { responseHeaders } : {}),
      ...(rewrite ? { rewrite } : {}),
      ...(unsupported ? { broken: `the route uses filter ${unsupported.type}, which is not supported` } : broken && allBroken(rule, namespace, context) ? { broken } : {}),
    };
  });
}

/** With one good backend left the rule still serves its share. */
function allBroken(rule: HttpRouteRule, namespace: string, context: CompileContext): boolean {
  return (rule.backendRefs ?? []).every((ref) => backendProblem(ref, namespace, context.service) !== undefined);
}
