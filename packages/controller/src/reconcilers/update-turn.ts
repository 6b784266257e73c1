import { ANNOTATION, objectKey, type InferenceService, type KubeObject } from 'cdk8s-kserve/api';
import { FOLLOWING_UPDATE, isWorkload, type UpdateProgress } from 'cdk8s-kserve/status';
import { serves } from './mode-switch';
import { childKey } from './ownership';
import type { RolloutBudget } from './rollout-budget';

/** How many fields a message lists before it only counts. */
const FIELDS_SHOWN = 3;
const ROLLING: UpdateTurn = { frozen: false, told: { state: 'rolling' } };

/** A workload whose pods would restart, and the fields that make them. */
export interface Restart {
  readonly workload: KubeObject;
  readonly fields: readonly string[];
}

/** Workloads that answer now and whose pod template would change, with what changes in it. */
export function restartsOf(wanted: readonly KubeObject[], owned: readonly KubeObject[], reasonsToWrite: (wanted: KubeObject, live: KubeObject) => readonly string[]): readonly Restart[] {
  const live = new Map(owned.map((child) => [childKey(child), child]));
  return wanted.flatMap((child): Restart[] => {
    const now = live.get(childKey(child));
    // What serves nobody may restart at any time.
    if (!now || !isWorkload(child) || !serves(now)) {
      return [];
    }
    const fields = reasonsToWrite(child, now).filter((path) => path.startsWith('spec.template'));
    return fields.length > 0 ? [{ workload: now, fields }] : [];
  });
}

export interface UpdateTurn {
  /** What is there stays as it is. */
  readonly frozen: boolean;
  /** What the status says of it. */
  readonly told?: UpdateProgress;
  /** When it may have more to say, in milliseconds. */
  readonly againInMs?: number;
}

/**
 * Whether a service may follow what changed around it: nothing to decide, it rolls out, waits for its turn, or
 * stays as it is because its policy says so. A change of the service itself always rolls out at once.
 *
 * That it waits for a turn which comes in due course is no news: a thousand services would each write it for one edit.
 */
export function updateTurn(service: InferenceService, restarts: readonly Restart[], budget: RolloutBudget): UpdateTurn {
  const key = objectKey(service.metadata);
  const [first] = restarts;
  if (!first || isOwnChange(service)) {
    if (budget.holds(key)) return ROLLING;
    budget.leave(key);
    return { frozen: false };
  }
  const changed = `${first.workload.kind} ${first.workload.metadata.name}: ${shortList(first.fields)}`;
  if (service.metadata.annotations?.[ANNOTATION.disableAutoUpdate] === 'true') {
    budget.leave(key);
    const message = `annotation ${ANNOTATION.disableAutoUpdate} keeps the pods as they are; what they would follow: ${changed}`;
    return { frozen: true, told: { state: 'held', message } };
  }
  if (budget.enter(key)) return ROLLING;
  const againInMs = budget.patienceLeftMs;
  // Once told it stays until its turn comes: to take it back would be one more write.
  if (againInMs > 0 && !saysThatItWaits(service)) return { frozen: true, againInMs };
  // Without the names of those that restart: they change all the time, and each change would be a write to every service that waits.
  const message = `waits for its turn: ${budget.limit} may restart at once, those with FollowingUpdate True do; what it will follow: ${changed}`;
  return { frozen: true, told: { state: 'waiting', message } };
}

function saysThatItWaits({ status }: InferenceService): boolean {
  return status?.conditions?.some((c) => c.type === FOLLOWING_UPDATE && c.reason === 'WaitsForTurn') === true;
}

/** Its spec is newer than its status, or was refused before: the user waits for it. */
function isOwnChange({ metadata, status }: InferenceService): boolean {
  const refused = status?.conditions?.some((c) => c.type === 'Progressing' && c.reason === 'ReconcileFailed');
  return status?.observedGeneration === undefined || status.observedGeneration !== metadata.generation || refused === true;
}

function shortList(items: readonly string[]): string {
  const rest = items.length - FIELDS_SHOWN;
  return items.slice(0, FIELDS_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
