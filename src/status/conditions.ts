import type { Condition, KubeObject } from '../api';

/** A condition before it knows when it last changed. */
export type Finding = Omit<Condition, 'lastTransitionTime'>;

/** Conditions that decide `Ready`; every other one informs and carries `severity: Info`, as Knative does it. */
export interface Deciding {
  /** Unknown while nothing is said of them. */
  readonly always: readonly string[];
  /** They count where they are. */
  readonly wherePresent: readonly string[];
}

/** KServe differs: a transformer or explainer decides too; upstream with ingress disabled is Ready while its transformer is broken. */
const OF_SERVICES: Deciding = { always: ['PredictorReady', 'IngressReady'], wherePresent: ['TransformerReady', 'ExplainerReady'] };

/**
 * The full, sorted condition list with `Ready` worked out: True when every deciding condition is True, False with the
 * first one's words when any is False, Unknown otherwise.
 *
 * KServe differs: `lastTransitionTime` moves when the status changes, as Kubernetes defines it; upstream moves it with
 * every new message.
 *
 * @param informing conditions that do not decide this time.
 */
export function finishConditions(findings: readonly Finding[], previous: readonly Condition[], now: string, informing: readonly string[] = [], deciding: Deciding = OF_SERVICES): readonly Condition[] {
  const wherePresent = deciding.wherePresent.filter((type) => !informing.includes(type));
  const decides = [...deciding.always, ...wherePresent];
  const all = [...findings.map((f) => (decides.includes(f.type) ? f : { ...f, severity: 'Info' })), readyOf(findings, { ...deciding, wherePresent })];
  const before = new Map(previous.map((c) => [c.type, c]));
  return all
    .map((finding): Condition => {
      const old = before.get(finding.type);
      return { ...finding, lastTransitionTime: old?.status === finding.status && old.lastTransitionTime ? old.lastTransitionTime : now };
    })
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}

function readyOf(findings: readonly Finding[], { always, wherePresent }: Deciding): Finding {
  const missing = always.filter((type) => !findings.some((f) => f.type === type)).map((type) => ({ type, status: 'Unknown' as const }));
  const given = [...[...always, ...wherePresent].flatMap((type) => findings.filter((f) => f.type === type)), ...missing];
  const worst = given.find((f) => f.status === 'False') ?? given.find((f) => f.status === 'Unknown');
  return worst ? { ...worst, type: 'Ready' } : { type: 'Ready', status: 'True' };
}

/** A condition of a child, when its status describes the child's current spec. */
export function conditionOf(object: KubeObject | undefined, type: string): Condition | undefined {
  const status = object?.['status'] as { readonly conditions?: readonly Condition[] } | undefined;
  return status?.conditions?.find((c) => c.type === type);
}

/** Whether a child's own controller has seen its latest spec; its conditions speak of an older one otherwise. */
export function isCurrent(object: KubeObject): boolean {
  const status = object['status'] as { readonly observedGeneration?: number } | undefined;
  return (status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
}

export function finding(type: string, status: Condition['status'], reason?: string, message?: string): Finding {
  return { type, status, ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
}
