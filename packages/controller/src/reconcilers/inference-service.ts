import { hasErrors, INFERENCE_SERVICE_KIND, objectKey, type Condition, type InferenceService, type InferenceServiceStatus, type KubeObject } from 'cdk8s-kserve/api';
import { computeStatus, type StatusInput } from 'cdk8s-kserve/status';
import { timestamp, type Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { againIn, type ReconcileResult } from '../engine/run-reconciler';
import type { KubeApi } from '../kube/kube-api';
import { ApplyMemory } from './apply-memory';
import type { ClusterCache } from './cluster-cache';
import { EventRecorder } from './event-recorder';
import { withoutKserveFinalizers } from './kserve-finalizers';
import { LastChildren } from './last-children';
import { refusalError } from './refusal-error';
import { removeChildrenOf } from './remove-children-of';
import { renderInCluster } from './render-in-cluster';
import { hastenRoutes } from './route-handover';
import { SecretLookup } from './secret-lookup';
import { StatusWriter } from './status-writer';
import type { RolloutBudget } from './rollout-budget';
import { reasonsToApply } from './sync-children';
import { syncOrKeep } from './sync-or-keep';
import { restartsOf, updateTurn } from './update-turn';
import { BY_OWNER, BY_OWNER_NAME } from './watched-kinds';
import type { WorldSource } from './world-source';

export interface InferenceServiceReconcilerOptions {
  readonly api: KubeApi;
  readonly cache: ClusterCache;
  readonly world: WorldSource;
  readonly clock: Clock;
  readonly log: Log;
  /** See `StatusWriterOptions`. */
  readonly settleMs: number;
  /** Turns for services that follow what changed around them. */
  readonly budget: RolloutBudget;
  /** Our own writes wake nobody through the watch; whoever depends on a service's status hears of them here. */
  readonly onStatusWritten: (service: InferenceService) => void;
}

/** Secrets are not watched; a service that depends on some is looked at again this often, or sooner while one is missing. */
const SECRETS_RESYNC_MS = 300_000;
const MISSING_SECRET_RESYNC_MS = 15_000;

/**
 * Brings the children and the status of one service to where they should be. A shell: what the children are is
 * `render`'s decision, what they mean is `computeStatus`'s.
 */
export class InferenceServiceReconciler {
  private readonly options: InferenceServiceReconcilerOptions;
  private readonly memory = new ApplyMemory();
  private readonly last = new LastChildren();
  /** Of owners that were seen, to find their children by when they are gone. */
  private readonly uids = new Map<string, string>();
  private readonly events: EventRecorder;
  private readonly secrets: SecretLookup;
  private readonly status: StatusWriter;

  constructor(options: InferenceServiceReconcilerOptions) {
    this.options = options;
    this.events = new EventRecorder(options.api, options.clock, options.log);
    this.secrets = new SecretLookup(options.api, options.clock);
    this.status = new StatusWriter(options);
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    const { cache, world, clock, budget } = this.options;
    const known = cache.get(INFERENCE_SERVICE_KIND, key) as InferenceService | undefined;
    const service = known && (await withoutKserveFinalizers(known, this.options));
    if (!service || service.metadata.deletionTimestamp) {
      this.memory.forget(key);
      this.last.forget(key);
      this.status.forget(key);
      this.options.budget.leave(key);
      if (!service) {
        await this.removeChildren(key);
      }
      return {};
    }
    this.uids.set(key, service.metadata.uid ?? '');
    const { rendered, readSecrets } = await renderInCluster(service, world.current(), cache, this.secrets);
    const children = (): readonly KubeObject[] => cache.byIndex('child', BY_OWNER, service.metadata.uid ?? '');
    const invalid = hasErrors(rendered.problems);
    const restarts = invalid ? [] : restartsOf(rendered.children, children(), (wanted, live) => reasonsToApply(service, wanted, live, this.memory));
    const update = updateTurn(service, restarts, budget);
    const { refusals: refused, serving, published } = await syncOrKeep(service, invalid ? undefined : rendered.children, this.last, {
      ...this.options, memory: this.memory, signal, frozen: update.frozen,
    });
    signal.throwIfAborted();
    const observed: StatusInput = {
      service,
      rendered,
      refused,
      serving,
      children: children(),
      pods: cache.byIndex('pod', BY_OWNER_NAME, objectKey(service.metadata)),
      gateways: cache.gateways(),
      now: timestamp(clock.now()),
    };
    let status = computeStatus({ ...observed, ...(update.told ? { update: update.told } : {}) });
    if (update.told?.state === 'rolling' && isSettled(status)) {
      budget.leave(key);
      status = computeStatus(observed);
    }
    const handoverMs = await hastenRoutes(children(), this.options);
    const outcome = await this.status.write(service, status);
    if (outcome.type === 'written') {
      this.options.onStatusWritten(service);
      await this.events.statusChanged(service, service.status, status);
    }
    const [first] = refused;
    if (first) {
      throw refusalError(first);
    }
    const secretsMs = readSecrets ? (invalid ? MISSING_SECRET_RESYNC_MS : SECRETS_RESYNC_MS) : undefined;
    const leavingMs = published && outcome.type === 'written' ? 0 : undefined;
    return againIn(outcome.againInMs, leavingMs, handoverMs, update.againInMs, secretsMs);
  }

  private async removeChildren(key: string): Promise<void> {
    const uid = this.uids.get(key);
    if (uid) {
      await removeChildrenOf(uid, this.options);
      this.uids.delete(key);
    }
  }
}

/** All is as the spec says. One that answers with its old version while the new one is stuck is not. */
function isSettled({ conditions = [] }: InferenceServiceStatus): boolean {
  const of = (type: string): Condition | undefined => conditions.find((c) => c.type === type);
  return of('Stopped')?.status === 'True' || (of('Ready')?.status === 'True' && of('Progressing')?.reason === 'Settled');
}
