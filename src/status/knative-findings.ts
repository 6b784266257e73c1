import type { ComponentRole, ComponentStatus, Condition, KubeObject } from '../api';
import { capitalized, readyType } from './component-findings';
import { conditionOf, finding, isCurrent, type Finding } from './conditions';

interface KnativeStatus {
  readonly url?: string;
  readonly address?: { readonly url?: string };
  readonly latestCreatedRevisionName?: string;
  readonly latestReadyRevisionName?: string;
  readonly traffic?: readonly { readonly revisionName?: string; readonly latestRevision?: boolean; readonly percent?: number; readonly tag?: string; readonly url?: string }[];
}

/** Upstream's spelling of a component's route condition; the explainer's is its own. */
const ROUTE_TYPES: Readonly<Record<ComponentRole, string>> = {
  predictor: 'PredictorRouteReady', transformer: 'TransformerRouteReady', explainer: 'ExplainerRoutesReady',
};

/** Conditions of a serverless service, from the Knative Service of each component, the predictor first. */
export function knativeFindings(components: readonly { readonly role: ComponentRole; readonly ksvc: KubeObject | undefined }[], meshRoutes: Finding): readonly Finding[] {
  const each = components.map(({ role, ksvc }) => ({
    ready: ofKnativeService(ksvc, 'Ready', readyType(role)),
    route: ofKnativeService(ksvc, 'RoutesReady', ROUTE_TYPES[role]),
    configuration: ofKnativeService(ksvc, 'ConfigurationsReady', `${capitalized(role)}ConfigurationReady`),
  }));
  const routes = together('RoutesReady', each.map((e) => e.route));
  return [
    ...each.flatMap((e) => [e.ready, e.route, e.configuration]),
    { ...(routes.status === 'True' ? meshRoutes : routes), type: 'IngressReady' },
    routes,
    together('LatestDeploymentReady', each.map((e) => e.configuration)),
  ];
}

/** One condition of several: the first that is False, else the first Unknown, else True. */
function together(type: string, findings: readonly Finding[]): Finding {
  const worst = findings.find((f) => f.status === 'False') ?? findings.find((f) => f.status !== 'True');
  return worst ? { ...worst, type } : finding(type, 'True');
}

/** A condition of ours in the words of a Knative Service's. */
export function ofKnativeService(ksvc: KubeObject | undefined, childType: string, type: string): Finding {
  if (!ksvc) return finding(type, 'Unknown', 'ServiceMissing', 'the Knative Service does not exist yet');
  const condition: Condition | undefined = conditionOf(ksvc, childType);
  if (!condition || !isCurrent(ksvc)) return finding(type, 'Unknown', 'ServiceStarting', 'Knative has not looked at the Service yet');
  return finding(type, condition.status, condition.reason, condition.message);
}

/**
 * Revisions and traffic of a serverless component, with the bookkeeping that a later canary rolls back to; empty without
 * its Knative Service, whose revisions go with it.
 */
export function knativeComponent(ksvc: KubeObject | undefined, remembered: ComponentStatus): ComponentStatus {
  if (!ksvc) return {};
  const previous = Object.fromEntries(Object.entries(remembered).filter(([key, value]) => !key.endsWith('RolledoutRevision') || !isLostRevision(String(value), ksvc))) as ComponentStatus;
  const status = (ksvc['status'] ?? {}) as KnativeStatus;
  const { latestCreatedRevisionName: created, latestReadyRevisionName: readyRevision, traffic } = status;
  const rolledOut = traffic?.some((t) => t.latestRevision === true && t.revisionName === readyRevision && t.percent === 100) ? readyRevision : undefined;
  const moved = rolledOut !== undefined && rolledOut !== previous.latestRolledoutRevision;
  const latestRolledout = rolledOut ?? previous.latestRolledoutRevision;
  const previousRolledout = moved ? previous.latestRolledoutRevision : previous.previousRolledoutRevision;
  return {
    ...(created ? { latestCreatedRevision: created } : {}),
    ...(readyRevision ? { latestReadyRevision: readyRevision } : {}),
    ...(latestRolledout ? { latestRolledoutRevision: latestRolledout } : {}),
    ...(previousRolledout ? { previousRolledoutRevision: previousRolledout } : {}),
    ...(traffic ? { traffic } : {}),
    ...(status.url ? { url: status.url } : {}),
    ...(status.address?.url ? { address: { url: status.address.url } } : {}),
  };
}

/**
 * Whether a revision went with an earlier Knative Service of the name: a new one counts from 1 again, and what is there
 * is not newer than what it made last.
 */
export function isLostRevision(revision: string, ksvc: KubeObject | undefined): boolean {
  const { latestCreatedRevisionName: latest } = (ksvc?.['status'] ?? {}) as KnativeStatus;
  return latest === undefined || numberOf(revision) > numberOf(latest);
}

function numberOf(revision: string): number {
  return Number(/-(\d+)$/.exec(revision)?.[1] ?? 0);
}
