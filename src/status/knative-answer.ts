import { LABEL, type ComponentRole, type InferenceServiceStatus, type KubeObject } from '../api';
import { readyType } from './component-findings';
import { conditionOf } from './conditions';
import { isReadyPod, newestPod, podFailure, type PodFailure } from './pod-failure';

/** What Knative says of a Service of its own. */
export interface KnativeStatus {
  readonly url?: string;
  readonly address?: { readonly url?: string };
  readonly latestCreatedRevisionName?: string;
  readonly latestReadyRevisionName?: string;
  readonly traffic?: readonly { readonly revisionName?: string; readonly latestRevision?: boolean; readonly percent?: number; readonly tag?: string; readonly url?: string }[];
}

/** Where a Knative Service's requests go now, whatever is in progress. */
export interface KnativeAnswer {
  /** Whether its route leads to its revisions. */
  readonly routed: boolean;
  /** The revisions that get requests. */
  readonly revisions: readonly string[];
  /** The first of them that does not answer. */
  readonly silent?: { readonly revision: string; readonly failure: PodFailure | undefined };
}

/** Upstream's spelling of a component's route condition; the explainer's is its own. */
export const ROUTE_TYPES: Readonly<Record<ComponentRole, string>> = {
  predictor: 'PredictorRouteReady', transformer: 'TransformerRouteReady', explainer: 'ExplainerRoutesReady',
};

/** The reason of a route that Knative leaves as it is, because a revision that it leads to is not ready. */
const REVISION_MISSING = 'RevisionMissing';

/**
 * Knative says of a route that it is not ready, or not known to be, each time it moves it; the revisions before get the
 * requests until it has. So what was seen to be routed still is, until Knative says that something else is wrong.
 *
 * @param wasRouted whether the route of this very object led to its revisions when last looked at.
 * @param pods of the component, of any revision.
 */
export function knativeAnswer(ksvc: KubeObject | undefined, pods: readonly KubeObject[], wasRouted = false): KnativeAnswer {
  if (!ksvc || ksvc.metadata.deletionTimestamp) return { routed: false, revisions: [] };
  const route = conditionOf(ksvc, 'RoutesReady');
  const blocked = route?.status === 'False' && route.reason === REVISION_MISSING;
  const revisions = revisionsOf(ksvc);
  const routed = route?.status === 'True' ? revisions.length > 0 || conditionOf(ksvc, 'Ready')?.status === 'True' : wasRouted && revisions.length > 0 && (route?.status === 'Unknown' || blocked);
  const { latestCreatedRevisionName: latest } = statusOf(ksvc);
  const hasFailed = (revision: string): boolean => blocked || (revision === latest && conditionOf(ksvc, 'ConfigurationsReady')?.status === 'False');
  const [silent] = revisions.flatMap((revision) => {
    const own = pods.filter((p) => p.metadata.labels?.[LABEL.knativeRevision] === revision && !p.metadata.deletionTimestamp);
    const failure = podFailure(newestPod(own));
    // Without a pod it sleeps and wakes for a request, unless Knative gave it up.
    return !own.some(isReadyPod) && (failure || hasFailed(revision)) ? [{ revision, failure }] : [];
  });
  return { routed, revisions, ...(silent ? { silent } : {}) };
}

/** Whether every request is answered, by whatever revisions. */
export function doesAnswer({ routed, silent }: KnativeAnswer): boolean {
  return routed && silent === undefined;
}

/**
 * Whether the last status says that requests reached this Knative Service: that a revision of it was rolled out, and
 * that its route was last seen to change after the Service was made. Another Service of the name starts from nothing.
 */
export function wasRouted(status: InferenceServiceStatus | undefined, role: ComponentRole, ksvc: KubeObject | undefined): boolean {
  const { components = {}, conditions = [] } = status ?? {};
  const revision = components[role]?.latestRolledoutRevision;
  const changedAt = conditions.find((c) => c.type === ROUTE_TYPES[role])?.lastTransitionTime ?? '';
  const way = ['IngressReady', readyType(role)].some((type) => conditions.some((c) => c.type === type && c.status === 'True'));
  return way && revision !== undefined && !isLostRevision(revision, ksvc) && changedAt >= (ksvc?.metadata.creationTimestamp ?? '');
}

/**
 * Whether a revision went with an earlier Knative Service of the name: a new one counts from 1 again, and what is there
 * is not newer than what it made last.
 */
export function isLostRevision(revision: string, ksvc: KubeObject | undefined): boolean {
  const { latestCreatedRevisionName: latest } = ksvc ? statusOf(ksvc) : {};
  return latest === undefined || numberOf(revision) > numberOf(latest);
}

export function statusOf(ksvc: KubeObject): KnativeStatus {
  return (ksvc['status'] ?? {}) as KnativeStatus;
}

function revisionsOf(ksvc: KubeObject): readonly string[] {
  const { traffic = [], latestReadyRevisionName: ready } = statusOf(ksvc);
  const named = traffic.filter((t) => (t.percent ?? 0) > 0).flatMap((t) => t.revisionName ?? []);
  return [...new Set(named.length > 0 || !ready ? named : [ready])];
}

function numberOf(revision: string): number {
  return Number(/-(\d+)$/.exec(revision)?.[1] ?? 0);
}
