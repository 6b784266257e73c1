import type { ComponentStatus, Condition } from 'cdk8s-kserve/api';

/** What a person watching would want to hear. */
export interface News {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** As much of a service's status as tells how its canaries fare. */
export interface CanaryStatus {
  readonly conditions?: readonly Condition[];
  readonly components?: Readonly<Record<string, ComponentStatus>>;
}

/** What became of canaries that had a share of the traffic, in both modes. */
export function canaryNews(before: CanaryStatus | undefined, after: CanaryStatus): readonly News[] {
  const roles = Object.entries(before?.components ?? {});
  return [...roles.flatMap(([role, was]) => revisionNews(role, was, after)), ...variantNews(before, after)];
}

/** Raw mode: a canary that no longer answers gets no requests. */
function variantNews(before: CanaryStatus | undefined, after: CanaryStatus): readonly News[] {
  const says = (status: CanaryStatus | undefined): Condition | undefined => status?.conditions?.find((c) => c.type === 'CanaryPredictorReady');
  const now = says(after);
  return says(before)?.status === 'True' && now?.status === 'False' ? [rolledBack(`the predictor's canary: ${now.message ?? now.reason ?? 'not available'}`)] : [];
}

/** Serverless mode: the revision that had a share got everything, or nothing. */
function revisionNews(role: string, was: ComponentStatus, { components, conditions }: CanaryStatus): readonly News[] {
  const canary = latest(was);
  const is = components?.[role];
  if (!is?.traffic || !canary || canary.percent <= 0 || canary.percent >= 100) {
    return [];
  }
  const percent = percentOf(is, canary.revision);
  if (percent === 100) {
    return [{ type: 'Normal', reason: 'CanaryPromoted', message: `the ${role}'s revision ${canary.revision} gets all requests, after ${canary.percent} %` }];
  }
  if (percent > 0) {
    return [];
  }
  const ready = conditions?.find((c) => c.type.toLowerCase() === `${role}ready`);
  const why = ready?.status === 'False' ? [ready.reason, ready.message].filter(Boolean).join(': ') : `its canaryTrafficPercent sends it none`;
  const next = latest(is);
  const because = next && next.percent > 0 && next.revision !== is.latestRolledoutRevision ? `revision ${next.revision} takes its place` : why;
  return [rolledBack(`the ${role}'s revision ${canary.revision} gets no requests any more, after ${canary.percent} %: ${because}`)];
}

function rolledBack(message: string): News {
  return { type: 'Warning', reason: 'CanaryRolledBack', message };
}

function latest({ traffic = [] }: ComponentStatus): { readonly revision: string; readonly percent: number } | undefined {
  const target = traffic.find((t) => t['latestRevision'] === true);
  return typeof target?.['revisionName'] === 'string' ? { revision: target['revisionName'], percent: Number(target['percent'] ?? 0) } : undefined;
}

/** All shares of a revision: Knative lists it once for each tag. */
function percentOf({ traffic = [] }: ComponentStatus, revision: string): number {
  return traffic.filter((t) => t['revisionName'] === revision).reduce((sum, t) => sum + Number(t['percent'] ?? 0), 0);
}
