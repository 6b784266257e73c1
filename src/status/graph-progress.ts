import type { KubeObject } from '../api';
import { isSettled, stuckCondition } from './component-findings';
import { finding, type Finding } from './conditions';
import { refusalLine, type ChildRefusal } from './refusals';

export interface GraphProgress {
  /** The router that the spec asks for, as it lives. */
  readonly router: KubeObject | undefined;
  readonly refused: readonly ChildRefusal[];
  /** Requests go on to the router of the mode before. */
  readonly switching: boolean;
  /** What the other conditions say. */
  readonly findings: readonly Finding[];
}

/** `Progressing` of a graph whose spec is valid, as services have it: whether waiting is worth while. */
export function graphProgressFinding({ router, refused, switching, findings }: GraphProgress): Finding {
  const type = 'Progressing';
  const [refusal] = refused;
  if (refusal) return finding(type, 'False', 'ReconcileFailed', refusalLine(refusal));
  const stuck = router && stuckCondition(router);
  if (stuck) return finding(type, 'False', stuck.reason ?? 'Failed', stuck.message);
  if (switching) return finding(type, 'True', 'SwitchingMode', 'requests go on to what answered before until the new router does');
  if (!router || !isSettled(router)) return finding(type, 'True', 'RollingOut', router ? `${router.kind} ${router.metadata.name} is rolling out` : 'no router exists yet');
  const waits = { IngressReady: 'WaitingForRoute', StepsReady: 'WaitingForServices' };
  for (const [of, reason] of Object.entries(waits)) {
    const waiting = findings.find((f) => f.type === of && f.status !== 'True');
    if (waiting) return finding(type, 'True', reason, waiting.message);
  }
  return finding(type, 'False', 'Settled');
}
