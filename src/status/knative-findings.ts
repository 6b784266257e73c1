import type { ComponentRole, ComponentStatus, Condition, KubeObject } from '../api';
import { capitalized, readyType } from './component-findings';
import { conditionOf, finding, isCurrent, type Finding } from './conditions';
import { isLostRevision, ROUTE_TYPES, statusOf, type KnativeAnswer } from './knative-answer';

export interface KnativeComponent {
  readonly role: ComponentRole;
  readonly ksvc: KubeObject | undefined;
  readonly answer: KnativeAnswer;
  /** Requests do not come to it, yet. */
  readonly passedBy: boolean;
}

/**
 * Conditions of a serverless service, from the Knative Service of each component, the predictor first.
 *
 * KServe differs: those that decide `Ready` are about what gets the requests, the others about the latest revision; upstream's are
 * all about the latest, which is not ready while it starts, and for ever when it fails.
 */
export function knativeFindings(components: readonly KnativeComponent[], meshRoutes: Finding): readonly Finding[] {
  const each = components.map(({ role, ksvc, answer, passedBy }) => ({
    ready: answerFinding(readyType(role), ksvc, answer),
    reached: answer.routed || passedBy,
    route: ofKnativeService(ksvc, 'RoutesReady', ROUTE_TYPES[role]),
    configuration: ofKnativeService(ksvc, 'ConfigurationsReady', `${capitalized(role)}ConfigurationReady`),
  }));
  const routes = together('RoutesReady', each.map((e) => e.route));
  const unrouted = together('IngressReady', each.filter((e) => !e.reached).map((e) => e.route));
  return [
    ...each.flatMap((e) => [e.ready, e.route, e.configuration]),
    { ...(unrouted.status === 'True' ? meshRoutes : unrouted), type: 'IngressReady' },
    routes,
    together('LatestDeploymentReady', each.map((e) => e.configuration)),
  ];
}

/** Whether a Knative Service answers: True as well while its latest revision does not, and the requests go to one that does. */
export function answerFinding(type: string, ksvc: KubeObject | undefined, { routed, revisions, silent }: KnativeAnswer): Finding {
  const own = ofKnativeService(ksvc, 'Ready', type);
  if (silent && routed) {
    const { revision, failure } = silent;
    return own.status === 'False' ? own : finding(type, 'False', failure?.reason ?? 'RevisionFailed', failure?.message ?? `revision ${revision} gets requests and does not answer`);
  }
  if (own.status === 'True' || !routed) return own;
  return finding(type, 'True', own.reason, [`${revisions.join(', ')} answers`, own.message].filter(Boolean).join(': '));
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
  const status = statusOf(ksvc);
  const { latestCreatedRevisionName: created, latestReadyRevisionName: readyRevision, traffic } = status;
  // Named and not yet led to is not rolled out: nothing might ever answer there.
  const isRouted = conditionOf(ksvc, 'RoutesReady')?.status === 'True';
  const rolledOut = isRouted && traffic?.some((t) => t.latestRevision === true && t.revisionName === readyRevision && t.percent === 100) ? readyRevision : undefined;
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
