import { objectKey, type KubeObject } from 'cdk8s-kserve/api';
import type { Backends } from './backends';
import { compileMatch } from './compile-match';
import { inClusterNames } from './compile-service';
import type { RevisionLoads } from './revision-loads';
import type { RankedRule } from './route-table';
import type { RouteTarget } from './route-rule';
import { WeightedChoice, type Weighted } from './weighted-choice';

/** serving.knative.dev/v1 Route, as far as the gateway reads it. */
export interface KnativeRoute extends KubeObject {
  readonly status?: { readonly traffic?: readonly { readonly revisionName?: string; readonly percent?: number; readonly tag?: string }[] };
}

export interface Revision extends KubeObject {
  readonly spec: { readonly containerConcurrency?: number; readonly timeoutSeconds?: number };
}

export interface KnativeRouteContext {
  readonly backends: Backends;
  readonly loads: RevisionLoads;
  readonly domain: string;
  /** By `namespace/name`. */
  readonly revision: (key: string) => Revision | undefined;
}

/** Knative's own default of a request, in seconds. */
const TIMEOUT_SECONDS = 300;
const ANY = compileMatch({});

/** Name of the Service that selects the pods of one revision. */
export function revisionServiceName(revision: string): string {
  return `${revision}-private`;
}

/** Hosts of a Knative Route: its own with the percentages, one a tag with the tagged revision alone. */
export function compileKnativeRoute(route: KnativeRoute, context: KnativeRouteContext): readonly { readonly host: string; readonly rule: RankedRule }[] {
  const { name, namespace = 'default' } = route.metadata;
  const traffic = route.status?.traffic ?? [];
  const target = (revisionName: string): RouteTarget => revisionTarget(namespace, revisionName, context);
  const rule = (targets: readonly Weighted<RouteTarget>[], revisions: readonly string[]): RankedRule => ({
    rank: ANY.rank,
    matches: ANY.matches,
    targets: new WeightedChoice(targets),
    timeoutMs: 1000 * Math.max(...revisions.map((r) => context.revision(objectKey({ name: r, namespace }))?.spec.timeoutSeconds ?? TIMEOUT_SECONDS)),
  });
  const named = traffic.flatMap((t) => (t.revisionName ? [{ ...t, revisionName: t.revisionName }] : []));
  const weighted = named.filter((t) => (t.percent ?? 0) > 0);
  const main = rule(weighted.map((t) => ({ weight: t.percent ?? 0, value: target(t.revisionName) })), weighted.map((t) => t.revisionName));
  const hosts = weighted.length > 0 ? [`${name}.${namespace}.${context.domain}`, ...inClusterNames(name, namespace)] : [];
  const tagged = named.filter((t) => t.tag !== undefined);
  return [
    ...hosts.map((host) => ({ host, rule: main })),
    ...tagged.flatMap((t) => {
      const alone = rule([{ weight: 1, value: target(t.revisionName) }], [t.revisionName]);
      const host = `${t.tag}-${name}`;
      return [`${host}.${namespace}.${context.domain}`, ...inClusterNames(host, namespace)].map((h) => ({ host: h, rule: alone }));
    }),
  ];
}

function revisionTarget(namespace: string, revision: string, { backends, loads, revision: find }: KnativeRouteContext): RouteTarget {
  const key = objectKey({ name: revision, namespace });
  const backend = backends.get(namespace, revisionServiceName(revision), 80);
  backend.setLimit(find(key)?.spec.containerConcurrency ?? 0);
  return { backend, load: loads.of(key), activate: () => loads.onActivate(key) };
}
