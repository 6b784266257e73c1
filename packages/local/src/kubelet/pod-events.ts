import { randomBytes } from 'node:crypto';
import type { Clock, KubeApi, Log } from 'cdk8s-kserve-controller';
import type { KubeObject } from 'cdk8s-kserve/api';
import { NODE_NAME } from './node';
import type { Pod, PodStatus } from './pod';
import { timestamp } from './timestamp';

export interface PodEventsOptions {
  readonly api: KubeApi;
  readonly pod: Pod;
  readonly clock: Clock;
  readonly log: Log;
}

/** Says in events why a pod does not run: `kubectl describe` shows those, and not the messages in a pod's status. */
export class PodEvents {
  private readonly options: PodEventsOptions;
  private readonly said = new Set<string>();

  constructor(options: PodEventsOptions) {
    this.options = options;
  }

  /** One event for each new trouble; a container that fails again and again is told of once. */
  observe(status: PodStatus): void {
    if (status.reason !== undefined) this.warn(status.reason, status.message ?? '', status.reason);
    for (const { name, state } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
      const { reason, message } = state.waiting ?? {};
      if (reason === undefined || message === undefined) continue;
      if (reason === 'CrashLoopBackOff') this.warn('BackOff', `Back-off restarting failed container ${name}`, name);
      else this.warn(reason, message, name);
    }
  }

  private warn(reason: string, message: string, about: string): void {
    const key = `${reason} ${about} ${message}`;
    if (this.said.has(key)) return;
    this.said.add(key);
    const { api, log, pod } = this.options;
    api.create(this.event(reason, message)).catch((error: unknown) => log.debug('event not written', { pod: pod.metadata.name, error: String(error) }));
  }

  private event(reason: string, message: string): KubeObject {
    const { name, namespace = 'default', uid = '' } = this.options.pod.metadata;
    const time = timestamp(this.options.clock.now());
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${randomBytes(6).toString('hex')}`, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
      reason,
      message,
      type: 'Warning',
      source: { component: 'kubelet', host: NODE_NAME },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    };
  }
}
