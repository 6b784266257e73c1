import type { Clock, KubeApi, Log } from 'cdk8s-kserve-controller';
import { objectKey, type KubeObject } from 'cdk8s-kserve/api';
import { timestamp } from '../kubelet/timestamp';

export interface EventWords {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who says it, in Kubernetes' words: `replicaset-controller`. */
  readonly component: string;
  readonly host?: string;
}

export interface EventContext {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
}

let told = 0;

/** Tells of an object what `kubectl describe` and `kubectl events` show. Nobody waits for it; one that is lost is lost. */
export function sayEvent({ api, clock, log }: EventContext, about: KubeObject, { type, reason, message, component, host }: EventWords): void {
  const { name, namespace = 'default', uid = '' } = about.metadata;
  const now = clock.now();
  const time = timestamp(now);
  // As in Kubernetes the name counts nanoseconds, so that events of one second, which is all that their times tell, keep their order.
  const nanoseconds = BigInt(Math.floor(now)) * 1_000_000n + BigInt(told++ % 1_000_000);
  const event: KubeObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${nanoseconds.toString(16)}`, namespace },
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid },
    type,
    reason,
    message,
    source: { component, ...(host ? { host } : {}) },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
  api.create(event).catch((error: unknown) => log.debug('event not written', { about: objectKey(about.metadata), reason, error: String(error) }));
}
