import { objectKey, type KubeObject } from 'cdk8s-kserve/api';
import { GATEWAY } from './fake-knative';

/**
 * Where a request to the service would go and whether it would be answered, worked out from nothing but what is on the
 * API server: routes, Services, pods and Knative's traffic. Written from Kubernetes' rules, without a line of the controller's.
 */
export interface Answer {
  /** Every request is answered. */
  readonly full: boolean;
  /** What may meet a request, with its share in per cent. */
  readonly backends: readonly Backend[];
  /** What is in the way, in words. */
  readonly missing: readonly string[];
}

export interface Backend {
  readonly name: string;
  readonly percent: number;
  readonly answers: boolean;
}

/** @param state all objects of the namespace */
export function answerTo(name: string, state: readonly KubeObject[]): Answer {
  const raw = rawWay(name, state);
  const knative = knativeWay(name, state);
  // While the mode changes there may be two ways in; callers use whichever address answers.
  return raw.full ? raw : knative.full ? knative : raw.backends.length > 0 ? raw : knative;
}

/** Behind Gateway API: the routes of the service's own host. */
function rawWay(name: string, state: readonly KubeObject[]): Answer {
  const host = `${name}-`;
  const routes = state.filter((o) => o.kind === 'HTTPRoute' && o.metadata.name === name && specOf<{ hostnames?: readonly string[] }>(o).hostnames?.some((h) => h.startsWith(host)));
  const rules = routes.flatMap((route) => specOf<RouteSpec>(route).rules ?? []);
  const backends = rules.flatMap(({ backendRefs = [] }) => {
    const total = backendRefs.reduce((sum, b) => sum + (b.weight ?? 1), 0);
    return backendRefs.filter((b) => (b.weight ?? 1) > 0).map((b): Backend => ({ name: b.name, percent: (100 * (b.weight ?? 1)) / total, answers: serviceAnswers(b.name, state) }));
  });
  return together(backends);
}

/** A Service answers when a ready pod of its selector does, and what that pod calls in turn. */
function serviceAnswers(name: string, state: readonly KubeObject[], depth = 0): boolean {
  const service = state.find((o) => o.apiVersion === 'v1' && o.kind === 'Service' && o.metadata.name === name);
  const selector = Object.entries(service ? specOf<{ selector?: Record<string, string> }>(service).selector ?? {} : {});
  if (selector.length === 0 || depth > 2) return false;
  const pods = state.filter((o) => o.kind === 'Pod' && isReady(o) && selector.every(([key, value]) => o.metadata.labels?.[key] === value));
  return pods.some((pod) => callees(pod).every((callee) => serviceAnswers(callee, state, depth + 1)));
}

/** Names of the Services that a transformer's pod was told to call. */
function callees(pod: KubeObject): readonly string[] {
  const { containers = [] } = specOf<{ containers?: readonly { readonly args?: readonly string[] }[] }>(pod);
  return containers.flatMap(({ args = [] }) => args.flatMap((arg, i) => (arg === '--predictor_host' ? [args[i + 1]?.split('.')[0] ?? ''] : [])));
}

function isReady(pod: KubeObject): boolean {
  const { conditions = [] } = (pod['status'] ?? {}) as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  return !pod.metadata.deletionTimestamp && conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}

/** Behind Knative: from the address that was published, the transformer's or the predictor's; a transformer calls the predictor. */
function knativeWay(name: string, state: readonly KubeObject[]): Answer {
  const of = (role: string): KubeObject | undefined => state.find((o) => o.apiVersion === 'serving.knative.dev/v1' && o.kind === 'Service' && o.metadata.name.startsWith(`${name}-`) && o.metadata.name.endsWith(`-${role}`) && !o.metadata.deletionTimestamp);
  const { address } = (state.find((o) => o.kind === 'InferenceService' && o.metadata.name === name)?.['status'] ?? {}) as { readonly address?: { readonly url: string } };
  if (!address) return together([]); // Nobody was told where to call.
  const roles = address.url.startsWith(`http://${name}-transformer.`) ? ['transformer', 'predictor'] : ['predictor'];
  return together(roles.flatMap((role) => knativeBackends(of(role), `${name}-${role}`, state)));
}

/** Revisions that get requests. Knative programs its gateway only once the Service of the name is its own, and says so there. */
function knativeBackends(service: KubeObject | undefined, missing: string, state: readonly KubeObject[]): readonly Backend[] {
  const name = service?.metadata.name ?? missing;
  const programmed = state.some((o) => o.apiVersion === 'v1' && o.kind === 'Service' && o.metadata.name === name && isProgrammed(o));
  const { traffic = [] } = (service?.['status'] ?? {}) as { readonly traffic?: readonly { readonly revisionName?: string; readonly percent?: number }[] };
  const targets = traffic.filter((t) => (t.percent ?? 0) > 0);
  if (targets.length === 0) return [{ name, percent: 100, answers: false }];
  return targets.map((t) => ({ name: t.revisionName ?? name, percent: t.percent ?? 0, answers: programmed }));
}

/** Whether a Service is Knative's own, and its ingress layer knows it. */
export function isProgrammed(service: KubeObject): boolean {
  return service.metadata.ownerReferences?.some((o) => o.kind === 'Route') === true && specOf<{ externalName?: string }>(service).externalName === GATEWAY;
}

function together(backends: readonly Backend[]): Answer {
  const silent = backends.filter((b) => !b.answers);
  return { full: backends.length > 0 && silent.length === 0, backends, missing: backends.length === 0 ? ['no way in'] : silent.map((b) => `${b.percent} % go to ${b.name}, which does not answer`) };
}

/** Splits that do not add up to 100. */
export function wrongWeights(state: readonly KubeObject[]): readonly string[] {
  const sums = (object: KubeObject): readonly number[] => {
    if (object.kind === 'HTTPRoute') return (specOf<RouteSpec>(object).rules ?? []).filter((r) => (r.backendRefs ?? []).length > 1).map((r) => (r.backendRefs ?? []).reduce((sum, b) => sum + (b.weight ?? 1), 0));
    if (!object.apiVersion.startsWith('serving.knative.dev/')) return [];
    const { traffic } = specOf<{ traffic?: readonly { percent?: number }[] }>(object);
    return traffic ? [traffic.reduce((sum, t) => sum + (t.percent ?? 0), 0)] : [];
  };
  return state.flatMap((object) => sums(object).filter((sum) => sum !== 100).map((sum) => `the shares of ${object.kind} ${objectKey({ name: object.metadata.name })} add up to ${sum}`));
}

interface RouteSpec {
  readonly rules?: readonly { readonly backendRefs?: readonly { readonly name: string; readonly weight?: number }[] }[];
}

function specOf<T>(object: KubeObject): T {
  return (object['spec'] ?? {}) as T;
}
