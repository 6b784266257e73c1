import type { InferenceService, InferenceServiceStatus, KubeObject } from 'cdk8s-kserve/api';
import { objectKey } from 'cdk8s-kserve/api';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { KubeApi } from '../kube/kube-api';
import type { ClusterCache } from './cluster-cache';
import { sameStatus } from './compare/same-status';

interface Written {
  readonly wanted: InferenceServiceStatus;
  /** What the server made of it. */
  readonly kept: unknown;
}

export interface StatusWriterOptions {
  readonly api: KubeApi;
  readonly cache: ClusterCache;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a change that leaves `Ready` as it is may wait for others to join it, in milliseconds. */
  readonly settleMs: number;
}

/** What became of a status: already there, written, or to be looked at again. */
export type StatusOutcome = { readonly type: 'same' | 'written' } | { readonly type: 'settling'; readonly againInMs: number };

/**
 * Writes a status when it says something new. With the version it was computed from: if the service changed meanwhile,
 * the write is a conflict and the new version is looked at instead.
 *
 * A service that starts passes through many small steps; each as a write of its own would cost more than all else. What
 * a person or a pipeline waits for (a new generation that was seen, `Ready` that turns) is written at once.
 */
export class StatusWriter {
  private readonly options: StatusWriterOptions;
  /** Only for servers that did not keep what they were given: a CRD that is not ours may default or prune fields. */
  private readonly altered = new Map<string, Written>();
  private readonly settlingSince = new Map<string, number>();

  constructor(options: StatusWriterOptions) {
    this.options = options;
  }

  async write(service: InferenceService, wanted: InferenceServiceStatus): Promise<StatusOutcome> {
    const { api, cache, log } = this.options;
    const key = objectKey(service.metadata);
    const before = this.altered.get(key);
    if (sameStatus(service.status, wanted) || (before && sameStatus(before.wanted, wanted) && sameStatus(before.kept, service.status))) {
      this.settlingSince.delete(key);
      return { type: 'same' };
    }
    const againInMs = isUrgent(service.status, wanted) ? 0 : this.timeLeft(key);
    if (againInMs > 0) {
      return { type: 'settling', againInMs };
    }
    const answer: KubeObject = await api.replaceStatus({ ...service, status: wanted });
    this.settlingSince.delete(key);
    cache.observe(answer);
    log.debug('wrote status', { service: key, ready: readyOf(wanted) });
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

  private timeLeft(key: string): number {
    const now = this.options.clock.now();
    const since = this.settlingSince.get(key) ?? now;
    this.settlingSince.set(key, since);
    return since + this.options.settleMs - now;
  }
}

function isUrgent(before: InferenceServiceStatus | undefined, after: InferenceServiceStatus): boolean {
  const turned = readyOf(before) !== readyOf(after) && [readyOf(before), readyOf(after)].includes('True');
  return before?.conditions === undefined || before.observedGeneration !== after.observedGeneration || turned;
}

function readyOf(status: InferenceServiceStatus | undefined): string | undefined {
  return status?.conditions?.find((c) => c.type === 'Ready')?.status;
}
