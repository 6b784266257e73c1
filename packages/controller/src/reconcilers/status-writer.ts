import type { InferenceService, InferenceServiceStatus, KubeObject } from 'cdk8s-kserve/api';
import { objectKey } from 'cdk8s-kserve/api';
import type { Log } from '../engine/log';
import type { KubeApi } from '../kube/kube-api';
import type { ClusterCache } from './cluster-cache';
import { sameStatus } from './compare/same-status';

interface Written {
  readonly wanted: InferenceServiceStatus;
  /** What the server made of it. */
  readonly kept: unknown;
}

/**
 * Writes a status when it says something new. With the version it was computed from: if the service changed meanwhile,
 * the write is a conflict and the new version is looked at instead.
 */
export class StatusWriter {
  private readonly api: KubeApi;
  private readonly cache: ClusterCache;
  private readonly log: Log;
  /** Only for servers that did not keep what they were given: a CRD that is not ours may default or prune fields. */
  private readonly altered = new Map<string, Written>();

  constructor(api: KubeApi, cache: ClusterCache, log: Log) {
    this.api = api;
    this.cache = cache;
    this.log = log;
  }

  async write(service: InferenceService, wanted: InferenceServiceStatus): Promise<void> {
    const key = objectKey(service.metadata);
    if (sameStatus(service.status, wanted)) {
      return;
    }
    const before = this.altered.get(key);
    if (before && sameStatus(before.wanted, wanted) && sameStatus(before.kept, service.status)) {
      return;
    }
    const answer: KubeObject = await this.api.replaceStatus({ ...service, status: wanted });
    this.cache.observe(answer);
    this.log.debug('wrote status', { service: key, ready: wanted.conditions?.find((c) => c.type === 'Ready')?.status });
    if (sameStatus(answer['status'], wanted)) {
      this.altered.delete(key);
    } else {
      this.altered.set(key, { wanted, kept: answer['status'] });
    }
  }

  forget(key: string): void {
    this.altered.delete(key);
  }
}
