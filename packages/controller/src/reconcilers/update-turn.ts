import { ANNOTATION, objectKey, type InferenceService, type KubeObject } from 'cdk8s-kserve/api';
import type { UpdateProgress } from 'cdk8s-kserve/status';
import { serves } from './mode-switch';
import { childKey } from './ownership';
import type { RolloutBudget } from './rollout-budget';

/** How many fields a message lists before it only counts. */
const FIELDS_SHOWN = 3;

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

/**
 * Whether a service may follow what changed around it: nothing to decide (undefined), it rolls out, waits for its turn, or
 * stays as it is because its policy says so. A change of the service itself always rolls out at once.
 */
export function updateTurn(service: InferenceService, restarts: readonly Restart[], budget: RolloutBudget): UpdateProgress | undefined {
  const key = objectKey(service.metadata);
  const [first] = restarts;
  if (!first || isOwnChange(service)) {
    if (budget.holds(key)) return { state: 'rolling' };
    budget.leave(key);
    return undefined;
  }
  const changed = `${first.workload.kind} ${first.workload.metadata.name}: ${shortList(first.fields)}`;
  if (service.metadata.annotations?.[ANNOTATION.disableAutoUpdate] === 'true') {
    budget.leave(key);
    return { state: 'held', message: `annotation ${ANNOTATION.disableAutoUpdate} keeps the pods as they are; what they would follow: ${changed}` };
  }
  if (budget.enter(key)) {
    return { state: 'rolling' };
  }
  // Without the names of those that restart: they change all the time, and each change would be a write to every service that waits.
  return { state: 'waiting', message: `waits for its turn: ${budget.limit} may restart at once, those with FollowingUpdate True do; what it will follow: ${changed}` };
}

/** Its spec is newer than its status, or was refused before: the user waits for it. */
function isOwnChange({ metadata, status }: InferenceService): boolean {
  const refused = status?.conditions?.some((c) => c.type === 'Progressing' && c.reason === 'ReconcileFailed');
  return status?.observedGeneration === undefined || status.observedGeneration !== metadata.generation || refused === true;
}

function isWorkload({ apiVersion, kind }: KubeObject): boolean {
  return kind === 'Deployment' || (kind === 'Service' && apiVersion.startsWith('serving.knative.dev/'));
}

function shortList(items: readonly string[]): string {
  const rest = items.length - FIELDS_SHOWN;
  return items.slice(0, FIELDS_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
