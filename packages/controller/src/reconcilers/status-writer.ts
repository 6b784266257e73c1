import type { Condition, KubeObject, ModelStatus } from 'cdk8s-kserve/api';
import { objectKey } from 'cdk8s-kserve/api';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { KubeApi } from '../kube/kube-api';
import type { ClusterCache } from './cluster-cache';
import { sameStatus } from './compare/same-status';

/** What every status that is written has; the kind's own fields come with it. */
export interface WrittenStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

/** A service or a graph. */
export interface StatusOwner extends KubeObject {
  readonly status?: WrittenStatus;
}

interface Written {
  readonly wanted: WrittenStatus;
  /** What the server made of it. */
  readonly kept: unknown;
}

export interface StatusWriterOptions {
  readonly api: KubeApi;
  readonly cache: ClusterCache;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a change that leaves `Ready` as it is may wait for others to join it, in milliseconds; words and counters of a service that answers, `DETAIL_FACTOR` times as long. */
  readonly settleMs: number;
}

/** A rollout that takes its course behind a version that answers is told when it begins and when it ends; its steps rarely last. */
const DETAIL_FACTOR = 40;

/** What became of a status: already there, written, or to be looked at again. */
export interface StatusOutcome {
  readonly type: 'same' | 'written' | 'settling';
  /** Of one that settles: in how many milliseconds. */
  readonly againInMs?: number;
}

/**
 * Writes a status when it says something new. With the version it was computed from: if the owner changed meanwhile,
 * the write is a conflict and the new version is looked at instead.
 *
 * A service that starts passes through many small steps; each as a write of its own would cost more than all else. What
 * a person or a pipeline waits for (a new generation that was seen, `Ready` that turns) is written at once; counters of a
 * service that goes on answering have time.
 */
export class StatusWriter {
  private readonly options: StatusWriterOptions;
  /** Only for servers that did not keep what they were given: a CRD that is not ours may default or prune fields. */
  private readonly altered = new Map<string, Written>();
  private readonly settlingSince = new Map<string, number>();

  constructor(options: StatusWriterOptions) {
    this.options = options;
  }

  async write<Status extends WrittenStatus>(owner: StatusOwner, wanted: Status): Promise<StatusOutcome> {
    const { api, cache, log } = this.options;
    const key = objectKey(owner.metadata);
    const before = this.altered.get(key);
    if (sameStatus(owner.status, wanted) || (before && sameStatus(before.wanted, wanted) && sameStatus(before.kept, owner.status))) {
      this.settlingSince.delete(key);
      return { type: 'same' };
    }
    const againInMs = this.timeLeft(key, this.patience(owner.status, wanted));
    if (againInMs > 0) {
      return { type: 'settling', againInMs };
    }
    const answer: KubeObject = await api.replaceStatus({ ...owner, status: wanted });
    this.settlingSince.delete(key);
    cache.observe(answer);
    log.debug('wrote status', { kind: owner.kind, name: key, ready: readyOf(wanted) });
    if (sameStatus(answer['status'], wanted)) {
      this.altered.delete(key);
    } else {
      this.altered.set(key, { wanted, kept: answer['status'] });
    }
    return { type: 'written' };
  }

  forget(key: string): void {
    this.altered.delete(key);
    this.settlingSince.delete(key);
  }

  private patience(before: WrittenStatus | undefined, after: WrittenStatus): number {
    const { settleMs } = this.options;
    if (isUrgent(before, after)) return 0;
    const isDetail = readyOf(after) === 'True' && turning(before) === turning(after);
    return isDetail ? DETAIL_FACTOR * settleMs : settleMs;
  }

  private timeLeft(key: string, patienceMs: number): number {
    const now = this.options.clock.now();
    const since = this.settlingSince.get(key) ?? now;
    this.settlingSince.set(key, since);
    return since + patienceMs - now;
  }
}

function isUrgent(before: WrittenStatus | undefined, after: WrittenStatus): boolean {
  const turned = readyOf(before) !== readyOf(after) && [readyOf(before), readyOf(after)].includes('True');
  return before?.conditions === undefined || before.observedGeneration !== after.observedGeneration || turned;
}

/** What a condition or the model turns to is news; the words and counters that come with it are not. */
function turning(status: (WrittenStatus & { readonly modelStatus?: ModelStatus }) | undefined): string {
  return JSON.stringify([status?.conditions?.map(({ type, status: is, reason }) => [type, is, reason]), status?.modelStatus?.transitionStatus]);
}

function readyOf(status: WrittenStatus | undefined): string | undefined {
  return status?.conditions?.find((c) => c.type === 'Ready')?.status;
}
