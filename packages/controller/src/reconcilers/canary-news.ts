import type { CanaryStatus, ComponentStatus, InferenceServiceStatus } from 'cdk8s-kserve/api';

/** What a person watching would want to hear. */
export interface News {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** As much of a service's status as tells how its canaries fare. */
export type CanaryOutlook = Pick<InferenceServiceStatus, 'conditions' | 'components' | 'canaryStatuses'>;

/**
 * What became of canaries that had a share of the traffic, in both modes.
 *
 * @param stable name of the stable version, where the spec names it
 */
export function canaryNews(before: CanaryOutlook | undefined, after: CanaryOutlook, stable?: string): readonly News[] {
  const roles = Object.entries(before?.components ?? {});
  return [...roles.flatMap(([role, was]) => revisionNews(role, was, after)), ...(before?.canaryStatuses ?? []).flatMap((was) => variantNews(was, after, stable))];
}

/** Raw mode: a version beside the stable one takes its place, gets everything, or nothing. */
function variantNews(was: CanaryStatus, { canaryStatuses = [], conditions }: CanaryOutlook, stable: string | undefined): readonly News[] {
  const { name, trafficPercent } = was;
  if (!was.ready || trafficPercent <= 0) {
    return [];
  }
  const is = canaryStatuses.find((c) => c.name === name);
  const gone = `the predictor's canary ${name} gets no requests any more, after ${trafficPercent} %`;
  if (!is) {
    return stable === name
      ? [{ type: 'Normal', reason: 'CanaryPromoted', message: `the predictor's canary ${name} is the stable version, after ${trafficPercent} %` }]
      : [rolledBack(`${gone}: it was taken out of the spec`)];
  }
  if (!is.ready) {
    const words = conditions?.find((c) => c.type === 'CanaryPredictorReady');
    return [rolledBack(`${gone}: ${words?.message ?? 'not available'}`)];
  }
  if (is.trafficPercent === 0) {
    const unmirrored = conditions?.find((c) => c.type === 'CanaryMirrored' && c.status === 'False');
    return [rolledBack(`${gone}: ${unmirrored?.message ?? 'its trafficPercent sends it none'}`)];
  }
  return is.trafficPercent === 100 && trafficPercent < 100
    ? [{ type: 'Normal', reason: 'CanaryPromoted', message: `the predictor's canary ${name} gets all requests, after ${trafficPercent} %` }]
    : [];
}

/** Serverless mode: the revision that had a share got everything, or nothing. */
function revisionNews(role: string, was: ComponentStatus, { components, conditions }: CanaryOutlook): readonly News[] {
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
