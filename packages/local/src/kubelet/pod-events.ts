import { sayEvent, type EventContext } from '../reconciling/say-event';
import { NODE_NAME } from './node';
import type { Pod, PodStatus } from './pod';

/** Tells in events what becomes of a pod: `kubectl describe` shows those, and not the messages in a pod's status. */
export class PodEvents {
  private readonly context: EventContext;
  private readonly pod: Pod;
  private readonly said = new Set<string>();

  constructor(context: EventContext, pod: Pod) {
    this.context = context;
    this.pod = pod;
  }

  scheduled(): void {
    const { name, namespace = 'default' } = this.pod.metadata;
    this.once('Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${NODE_NAME}`, 'pod');
  }

  /** One event for each start and each new trouble; what happens again and again is told of once. */
  observe(status: PodStatus): void {
    if (status.reason !== undefined) this.once('Warning', status.reason, status.message ?? '', status.reason);
    for (const { name, state } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
      if (state.running) this.once('Normal', 'Started', `Started container ${name}`, name);
      const { reason, message } = state.waiting ?? {};
      if (reason === undefined || message === undefined) continue;
      if (reason === 'CrashLoopBackOff') this.once('Warning', 'BackOff', `Back-off restarting failed container ${name}`, name);
      else this.once('Warning', reason, message, name);
    }
  }

  stopping(): void {
    for (const { name } of this.pod.spec.containers) this.once('Normal', 'Killing', `Stopping container ${name}`, name);
  }

  private once(type: 'Normal' | 'Warning', reason: string, message: string, about: string): void {
    const key = `${reason} ${about} ${message}`;
    if (this.said.has(key)) return;
    this.said.add(key);
    const by = reason === 'Scheduled' ? { component: 'default-scheduler' } : { component: 'kubelet', host: NODE_NAME };
    sayEvent(this.context, { ...this.pod, apiVersion: 'v1', kind: 'Pod' }, { type, reason, message, ...by });
  }
}
