import type { Condition } from 'cdk8s-kserve/api';
import { timestamp } from '../kubelet/timestamp';

/** Stamps conditions: `lastTransitionTime` moves only when the status of a condition does. */
export function transition(next: readonly Condition[], previous: readonly Condition[], now: number): readonly Condition[] {
  return next.map((condition) => {
    const before = previous.find((c) => c.type === condition.type);
    const lastTransitionTime = before?.status === condition.status && before.lastTransitionTime ? before.lastTransitionTime : timestamp(now);
    return { ...condition, lastTransitionTime };
  });
}

export function conditionOf(object: { readonly [field: string]: unknown } | undefined, type: string): Condition | undefined {
  const status = object?.['status'] as { readonly conditions?: readonly Condition[] } | undefined;
  return status?.conditions?.find((c) => c.type === type);
}
