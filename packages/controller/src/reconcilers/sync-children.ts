import { FIELD_MANAGER, objectKey, refOf, type InferenceServiceStatus, type KubeObject } from 'cdk8s-kserve/api';
import { modelConfigName } from 'cdk8s-kserve/render';
import { publishedName, type ChildRefusal } from 'cdk8s-kserve/status';
import type { Log } from '../engine/log';
import { isConflict, isNamespaceTerminating, KubeApiError } from '../kube/kube-api-error';
import type { KubeApi } from '../kube/kube-api';
import type { ApplyMemory } from './apply-memory';
import type { ClusterCache } from './cluster-cache';
import { adopting } from './compare/adopting';
import { findAbandoned } from './compare/find-abandoned';
import { findDifferences } from './compare/find-differences';
import { immutableChange, type ImmutableChange } from './compare/immutable-change';
import { releaseFromKserve, releaseLeftover } from './compare/release-record';
import { leadBack } from './lead-back';
import { leavesKnative, modeSwitch } from './mode-switch';
import { childKey, controlledBy, isLeaving, obstacle } from './ownership';
import { routesToHold } from './route-move';
import { isScaledObject, replacedScalers, waitsForScaler, wakingReplicas } from './scaler-switch';
import { slimChild } from './slim';
import { BY_OWNER } from './watched-kinds';

export interface SyncContext {
  readonly api: KubeApi;
  readonly cache: ClusterCache;
  readonly memory: ApplyMemory;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** What is there stays as it is but for the list of models, which servers read while they run; what is missing is made. @default false */
  readonly frozen?: boolean;
}

export interface SyncOutcome {
  /** Children that the server refused for good reason. */
  readonly refusals: readonly ChildRefusal[];
  /** Workloads that are no longer wanted, while they serve instead of those that are. */
  readonly serving: readonly KubeObject[];
  /** Something goes as soon as callers are told another address. */
  readonly published: boolean;
}

/**
 * Makes the children of a service or a graph what they should be: applies those that differ, in the order given, then,
 * if all went well, deletes its children that are no longer wanted. Nothing is written when nothing differs.
 *
 * When it changes its mode or the name of its predictor, or gets a component in front, what decides where requests go waits until the new workloads answer.
 *
 * Throws what a retry may cure.
 */
export async function syncChildren(owner: KubeObject, wanted: readonly KubeObject[], context: SyncContext): Promise<SyncOutcome> {
  const { cache, signal } = context;
  const ownerKey = objectKey(owner.metadata);
  const owned = cache.byIndex('child', BY_OWNER, owner.metadata.uid ?? '');
  const ownedByKey = new Map(owned.map((child) => [childKey(child), child]));
  const switching = modeSwitch(owner, wanted, owned);
  if (switching) {
    await leadBack(switching.serving, owned, context);
  } else {
    // Its Route would put the Service of this name back for as long as it lives.
    await removeAll(owned.filter((child) => leavesKnative(child, wanted)), ownedByKey, ownerKey, context);
  }
  const replaced = context.frozen ? [] : replacedScalers(wanted, owned);
  await removeAll(replaced, ownedByKey, ownerKey, context);
  const held = routesToHold(wanted, owned);
  const refusals: ChildRefusal[] = [];
  let passing: KubeApiError | undefined;
  for (const child of wanted) {
    signal.throwIfAborted();
    if (switching?.holdsBack(child) || waitsForScaler(child, replaced) || held.includes(child)) {
      ownedByKey.delete(childKey(child));
      continue;
    }
    const live = ownedByKey.get(childKey(child)) ?? cache.get(child, objectKey(child.metadata));
    const desired = adopting(controlledBy(child, owner), live);
    ownedByKey.delete(childKey(child));
    if (context.frozen && live && !isLeaving(live, owner) && !isModelList(child, owner)) {
      continue;
    }
    try {
      await syncChild(owner, desired, live, context);
    } catch (error) {
      if (isNamespaceTerminating(error)) throw error;
      const refusal = refusalOf(child, error);
      if (refusal) {
        refusals.push(refusal);
      } else if (error instanceof KubeApiError) {
        passing ??= error; // The server is there: the other children need not wait for this one.
      } else {
        throw error;
      }
    }
  }
  if (passing) {
    throw passing;
  }
  if (refusals.length > 0 || switching || held.length > 0 || context.frozen) {
    return { refusals, serving: switching?.serving ?? [], published: false }; // What is no longer wanted may still be what serves.
  }
  const leftovers = [...ownedByKey.values()];
  const going = leftovers.filter((leftover) => !isPublished(owner, leftover, wanted));
  await removeAll(going, ownedByKey, ownerKey, context);
  return { refusals, serving: [], published: going.length < leftovers.length };
}

function isModelList({ kind, metadata }: KubeObject, owner: KubeObject): boolean {
  return kind === 'ConfigMap' && metadata.name === modelConfigName(owner.metadata.name);
}

/** Whether callers were told this child's address and will be told another: it goes once they are. */
function isPublished(owner: KubeObject, { metadata: { name } }: KubeObject, wanted: readonly KubeObject[]): boolean {
  return wanted.length > 0 && !wanted.some((child) => child.metadata.name === name) && publishedName(owner['status'] as InferenceServiceStatus | undefined) === name;
}

async function removeAll(leftovers: readonly KubeObject[], ownedByKey: Map<string, KubeObject>, ownerKey: string, context: SyncContext): Promise<void> {
  for (const leftover of leftovers) {
    const key = childKey(leftover);
    ownedByKey.delete(key);
    if (!leftover.metadata.deletionTimestamp) {
      context.signal.throwIfAborted();
      await remove(leftover, context);
      context.memory.forgetChild(ownerKey, key);
    }
  }
}

async function syncChild(owner: KubeObject, desired: KubeObject, live: KubeObject | undefined, context: SyncContext): Promise<void> {
  const { api, cache, memory, log } = context;
  const ownerKey = objectKey(owner.metadata);
  const key = childKey(desired);
  if (!cache.has(desired)) {
    // Written blindly it would be written again with every look, and never be pruned.
    throw new Refused(`the cluster does not serve ${desired.apiVersion} ${desired.kind}, or does not let the controller list it; install it, or grant get, list and watch`);
  }
  if (live && isLeaving(live, owner)) {
    return;
  }
  if (!live) {
    await wake(desired, context);
    await settle(await create(owner, desired, api), ['missing']);
    return;
  }
  const inTheWay = obstacle(live, owner);
  if (inTheWay) {
    throw new Refused(inTheWay);
  }
  const reasons = memory.weigh(ownerKey, key, desired, live, reasonsToWrite(desired, live));
  const immutable = immutableChange(desired, live, reasons);
  if (immutable) {
    await giveWay(live, immutable, context);
    memory.forgetChild(ownerKey, key);
    if (immutable.way === 'replace') {
      await settle(await create(owner, desired, api), [immutable.path]);
    }
    return; // What is handed over is made anew when it is gone, and its going wakes us.
  }
  if (reasons.length > 0) {
    await releaseLeftover(live, FIELD_MANAGER, api);
    // What others changed of ours is taken back: the service says what it should be.
    await settle(await api.apply(desired, { fieldManager: FIELD_MANAGER, force: true }), reasons);
  }

  async function settle(applied: KubeObject, why: readonly string[]): Promise<void> {
    const answer = await releaseFromKserve(applied, FIELD_MANAGER, api);
    context.cache.observe(answer);
    memory.remember(ownerKey, key, desired, answer, reasonsToWrite(desired, slimChild(answer)));
    log.info('applied', { owner: ownerKey, kind: desired.kind, name: desired.metadata.name, why: why.slice(0, 5).join(',') });
  }
}

/** Before the replicas are an HPA's: the first write of them is nobody's for good, as that of KEDA was. */
async function wake(scaler: KubeObject, { api, cache, log }: SyncContext): Promise<void> {
  const deployment = cache.get({ apiVersion: 'apps/v1', kind: 'Deployment' }, objectKey(scaler.metadata));
  const replicas = wakingReplicas(scaler, deployment);
  if (!deployment || replicas === undefined) {
    return;
  }
  await api.mergePatch(refOf(deployment), { spec: { replicas } });
  log.info('woken', { kind: 'Deployment', name: objectKey(deployment.metadata), why: 'its new HPA would leave it at zero' });
}

/** Deletes what the API server would not change. */
async function giveWay(live: KubeObject, { path, way }: ImmutableChange, { api, log }: SyncContext): Promise<void> {
  const { name, namespace = 'default', uid } = live.metadata;
  if (way === 'stuck') {
    throw new Refused(
      `${path} cannot be changed on a ${live.kind} that is there, and its pods lack the new labels, so no pod would serve until new ones are ready; ` +
        `delete it when that suits: kubectl delete ${live.kind.toLowerCase()} ${name} -n ${namespace}; it is made anew at once`,
    );
  }
  const propagationPolicy = way === 'hand over' ? 'Orphan' : 'Background';
  await api.delete(refOf(live), { propagationPolicy, ...(uid ? { uid } : {}) });
  log.info('deleted', { kind: live.kind, name: objectKey(live.metadata), why: `${path} cannot be changed` });
}

/** Applies without force first: a name that somebody else already uses must not be taken over blindly. */
async function create(owner: KubeObject, desired: KubeObject, api: KubeApi): Promise<KubeObject> {
  try {
    return await api.apply(desired, { fieldManager: FIELD_MANAGER });
  } catch (error) {
    const existing = isConflict(error) ? await api.get(refOf(desired)) : undefined;
    if (!existing || isLeaving(existing, owner) || leavesWithKnative(existing, owner)) {
      throw error;
    }
    const inTheWay = obstacle(existing, owner);
    if (inTheWay) {
      throw new Refused(inTheWay);
    }
    return api.apply(desired, { fieldManager: FIELD_MANAGER, force: true });
  }
}

/** Knative's Service of the name that ours is about to have: it goes with the Knative Service of the mode that was left. */
function leavesWithKnative({ metadata }: KubeObject, owner: KubeObject): boolean {
  const route = metadata.ownerReferences?.find((o) => o.controller === true);
  const { name } = owner.metadata;
  return route?.kind === 'Route' && route.apiVersion.startsWith('serving.knative.dev/') && (route.name === name || route.name.startsWith(`${name}-`));
}

async function remove(leftover: KubeObject, { api, log }: SyncContext): Promise<void> {
  const { uid } = leftover.metadata;
  const deleted = await api.delete(refOf(leftover), { propagationPolicy: isScaledObject(leftover) ? 'Foreground' : 'Background', ...(uid ? { uid } : {}) });
  if (deleted) {
    log.info('deleted', { kind: leftover.kind, name: objectKey(leftover.metadata), why: 'no longer wanted' });
  }
}

/** Why a write is needed, all that is known considered. */
export function reasonsToApply(owner: KubeObject, wanted: KubeObject, live: KubeObject, memory: ApplyMemory): readonly string[] {
  const desired = adopting(controlledBy(wanted, owner), live);
  return memory.weigh(objectKey(owner.metadata), childKey(desired), desired, live, reasonsToWrite(desired, live));
}

function reasonsToWrite(desired: KubeObject, live: KubeObject): readonly string[] {
  return [...findDifferences(desired, live), ...findAbandoned(desired, live, FIELD_MANAGER)];
}

/** Our own no, for a reason the user has to settle. */
class Refused extends Error {}

/** Codes that pass by themselves: conflicts, rate limits, timeouts, an API or namespace that comes or goes. */
const PASSING_CODES = [404, 408, 409, 429];

/** The refusal an error stands for, or undefined for what a retry may cure. */
function refusalOf(child: KubeObject, error: unknown): ChildRefusal | undefined {
  if (error instanceof Refused) {
    return { child: refOf(child), message: error.message };
  }
  const forGood = error instanceof KubeApiError && error.statusCode >= 400 && error.statusCode < 500 && !PASSING_CODES.includes(error.statusCode);
  return forGood ? { child: refOf(child), message: error.serverMessage } : undefined;
}
