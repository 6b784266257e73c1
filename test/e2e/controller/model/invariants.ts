import type { InferenceService, KubeObject } from 'cdk8s-kserve/api';
import { condition } from '../support/iris';
import { answerTo, isProgrammed, wrongWeights, type Answer } from './data-path';
import { applyEntry, identityOf, nameOf, type Entry } from './history';
import { LEASE, type ControllerWrite } from './replicas';

/** What the controller could not know yet when it wrote is no fault of its. */
const UNSEEN_MS = 1_000;

export interface Replay {
  /** States in which the data path was asked. */
  readonly probes: number;
  readonly violations: readonly string[];
}

/**
 * Goes through every state that there was and asks in each whether the service answers. What answers must not cease to
 * by something that the controller wrote; what the test or a failing pod did is not its fault.
 */
export function replay(name: string, entries: readonly Entry[], writes: readonly ControllerWrite[]): Replay {
  const state = new Map<string, KubeObject>();
  const violations: string[] = [];
  const written = new Set(writes.flatMap((w) => (w.version === undefined ? [] : [w.version])));
  const deleted = new Set(writes.flatMap((w) => w.uid ?? []));
  /** By the name of a Deployment that is gone, whether the controller deleted it. */
  const goneByUs = new Map<string, boolean>();
  const lastReady = new Map<string, number>();
  let before: Answer | undefined;
  let probes = 0;
  for (const entry of entries) {
    const { kind, metadata } = entry.object;
    const old = state.get(identityOf(entry.object));
    applyEntry(state, entry);
    if (kind === 'Deployment') goneByUs.set(metadata.name, entry.type === 'DELETED' && deleted.has(metadata.uid ?? ''));
    if (['Lease', 'HorizontalPodAutoscaler'].includes(kind)) continue;
    const objects = [...state.values()];
    const answer = answerTo(name, objects);
    probes++;
    for (const b of answer.backends) if (b.answers) lastReady.set(b.name, entry.seenAt);
    for (const wrong of wrongWeights(objects)) violations.push(`${at(entry)}: ${wrong}`);
    const goes = entry.type === 'DELETED' || (metadata.deletionTimestamp !== undefined && old?.metadata.deletionTimestamp === undefined);
    const gone = goes && (kind === 'Pod' ? goneByUs.get(metadata.labels?.['app']?.replace(/^isvc\./, '') ?? '') === true : deleted.has(metadata.uid ?? ''));
    const ours = written.has(entry.version) || gone;
    const unseen = answer.backends.some((b) => !b.answers && entry.seenAt - (lastReady.get(b.name) ?? 0) < UNSEEN_MS);
    if (before?.full && !answer.full && ours && !unseen && !isExcused(name, objects)) violations.push(`${at(entry)} ends what answered (${before.backends.map((b) => b.name).join(', ')}): ${answer.missing.join('; ')}`);
    before = answer;
  }
  return { probes, violations: [...violations, ...twoLeaders(entries, writes)] };
}

/** The service is gone or was told to stop; or the name that both modes need changes hands, which nobody can do in one step. */
function isExcused(name: string, objects: readonly KubeObject[]): boolean {
  const service = objects.find((o) => o.kind === 'InferenceService' && o.metadata.name === name) as InferenceService | undefined;
  if (!service || service.metadata.deletionTimestamp || service.metadata.annotations?.['serving.kserve.io/stop'] === 'true') return true;
  const workload = (kind: string, api: string): KubeObject | undefined => objects.find((o) => o.kind === kind && o.apiVersion.startsWith(api) && o.metadata.name === [name, service.spec.predictor.name, 'predictor'].filter(Boolean).join('-'));
  const knative = workload('Service', 'serving.knative.dev/');
  const deployment = workload('Deployment', 'apps/');
  const holder = workload('Service', 'v1');
  const toKnative = condition(knative, 'ConfigurationsReady') === 'True' && !(holder && isProgrammed(holder));
  const toRaw = available(deployment) && (holder === undefined || holder.metadata.ownerReferences?.some((o) => o.kind === 'Route') === true);
  return toKnative || toRaw;
}

function available(deployment: KubeObject | undefined): boolean {
  return ((deployment?.['status'] ?? {}) as { readonly availableReplicas?: number }).availableReplicas !== undefined;
}

/** A write that was sent after another process was seen to hold the lease. */
function twoLeaders(entries: readonly Entry[], writes: readonly ControllerWrite[]): readonly string[] {
  const tenures = entries.filter((e) => e.object.kind === 'Lease' && e.object.metadata.name === LEASE).map((e) => ({ at: e.seenAt, holder: (e.object['spec'] as { holderIdentity?: string }).holderIdentity ?? '' }));
  return writes.flatMap((write) => {
    const holder = tenures.filter((t) => t.at < write.sentAt).at(-1)?.holder ?? write.replica;
    return holder === write.replica || holder === '' ? [] : [`${write.replica} wrote ${write.kind} ${write.name} while ${holder} led`];
  });
}

/** What has to hold once nothing is on its way any more. */
export function settledViolations(name: string, state: readonly KubeObject[]): readonly string[] {
  const service = state.find((o) => o.kind === 'InferenceService' && o.metadata.name === name) as InferenceService | undefined;
  const children = state.filter((o) => o.kind !== 'InferenceService' && o.metadata.ownerReferences?.some((r) => r.kind === 'InferenceService'));
  const strangers = children.filter((c) => !c.metadata.ownerReferences?.some((r) => r.uid === service?.metadata.uid)).map((c) => `${nameOf(c)} belongs to a service that is gone`);
  if (!service) return strangers;
  const { observedGeneration, modelStatus } = service.status ?? {};
  const answer = answerTo(name, state);
  const switching = condition(service, 'PredictorReady')?.includes('SwitchingMode') === true;
  const says = (type: string): boolean => condition(service, type)?.startsWith('True') === true;
  const stale = observedGeneration === service.metadata.generation ? [] : [`status is about generation ${observedGeneration}, the service is at ${service.metadata.generation}`];
  const servable = says('Servable') === answer.full ? [] : [`Servable is ${condition(service, 'Servable')}, but ${wordsOf(answer)}`];
  const ready = says('Ready') === answer.full ? [] : [`Ready is ${condition(service, 'Ready')}, but ${wordsOf(answer)}`];
  const refused = says('Progressing') || !condition(service, 'Progressing')?.includes('ReconcileFailed') ? [] : [`a child is refused: ${condition(service, 'Progressing')}`];
  const orphans = modelStatus?.transitionStatus === 'InvalidSpec' || switching ? [] : orphansOf(service, children);
  return [...strangers, ...stale, ...servable, ...ready, ...refused, ...orphans, ...wrongWeights(state)];
}

function wordsOf(answer: Answer): string {
  return answer.full ? `requests are answered by ${answer.backends.map((b) => b.name).join(', ')}` : answer.missing.join('; ');
}

/** Children that the spec does not ask for, and what it asks for and is not there; by KServe's names alone. */
function orphansOf({ metadata: { name, annotations }, spec, status }: InferenceService, children: readonly KubeObject[]): readonly string[] {
  const stopped = annotations?.['serving.kserve.io/stop'] === 'true';
  const roles = ['predictor', ...(spec.transformer ? ['transformer'] : [])];
  const stable = roles.map((role) => [name, role === 'predictor' ? spec.predictor.name : undefined, role].filter(Boolean).join('-'));
  const canaries = Array.isArray(spec.canary) ? (spec.canary as readonly { predictor: { name?: string } }[]) : [];
  const names = [...stable, ...canaries.flatMap((c) => roles.map((role) => [name, c.predictor.name, role].join('-')))];
  const raw = status?.deploymentMode === 'Standard';
  const wanted = stopped ? [] : raw ? names.flatMap((n) => [`Deployment ${n}`, `HorizontalPodAutoscaler ${n}`, `Service ${n}`]) : stable.map((n) => `Knative Service ${n}`);
  const there = children.filter((c) => c.kind !== 'HTTPRoute').map(nameOf);
  const routes = children.filter((c) => c.kind === 'HTTPRoute').length;
  const routesWanted = stopped || !raw ? 0 : roles.length + 1;
  return [
    ...there.filter((n) => !wanted.includes(n)).map((n) => `${n} is an orphan`),
    ...wanted.filter((n) => !there.includes(n)).map((n) => `${n} is missing`),
    ...(routes === routesWanted ? [] : [`${routes} routes in place of ${routesWanted}`]),
  ];
}

function at({ version, type, object }: Entry): string {
  return `version ${version}, ${type} ${nameOf(object)}`;
}
