import type { ComponentStatus, Condition, KubeObject } from '../api';
import { conditionOf, finding, isCurrent, type Finding } from './conditions';

interface KnativeStatus {
  readonly url?: string;
  readonly address?: { readonly url?: string };
  readonly latestCreatedRevisionName?: string;
  readonly latestReadyRevisionName?: string;
  readonly traffic?: readonly { readonly revisionName?: string; readonly latestRevision?: boolean; readonly percent?: number; readonly tag?: string; readonly url?: string }[];
}

/** Conditions of a serverless predictor, from its Knative Service. */
export function knativeFindings(ksvc: KubeObject | undefined): readonly Finding[] {
  const ready = fromChild(ksvc, 'Ready', 'PredictorReady');
  const routes = fromChild(ksvc, 'RoutesReady', 'PredictorRouteReady');
  const configuration = fromChild(ksvc, 'ConfigurationsReady', 'PredictorConfigurationReady');
  return [
    ready, routes, configuration,
    { ...routes, type: 'IngressReady' },
    { ...routes, type: 'RoutesReady' },
    { ...configuration, type: 'LatestDeploymentReady' },
  ];
}

function fromChild(ksvc: KubeObject | undefined, childType: string, type: string): Finding {
  if (!ksvc) return finding(type, 'Unknown', 'ServiceMissing', 'the Knative Service does not exist yet');
  const condition: Condition | undefined = conditionOf(ksvc, childType);
  if (!condition || !isCurrent(ksvc)) return finding(type, 'Unknown', 'ServiceStarting', 'Knative has not looked at the Service yet');
  return finding(type, condition.status, condition.reason, condition.message);
}

/** Revisions and traffic of a serverless component, with the bookkeeping that a later canary rolls back to. */
export function knativeComponent(ksvc: KubeObject | undefined, previous: ComponentStatus): ComponentStatus {
  const status = (ksvc?.['status'] ?? {}) as KnativeStatus;
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
