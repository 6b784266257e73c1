import { createHash } from 'node:crypto';
import { FIELD_MANAGER, messageOf, objectKey, type Condition, type InferenceService, type InferenceServiceStatus, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { KubeApi } from '../kube/kube-api';

interface Recorded {
  readonly ref: ObjectRef;
  readonly at: number;
  readonly count: number;
}

/** The same words about the same service within this time are counted on one Event. */
const SAME_EVENT_MS = 600_000;
/** The API server refuses longer messages. */
const LONGEST_MESSAGE = 1024;

/** Tells of a service that becomes ready, stops being ready or cannot become it, in the words of its conditions. */
export class EventRecorder {
  private readonly api: KubeApi;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly recorded = new Map<string, Recorded>();

  constructor(api: KubeApi, clock: Clock, log: Log) {
    this.api = api;
    this.clock = clock;
    this.log = log;
  }

  /** Never throws: an event that is lost is no reason to do the work again. */
  async statusChanged(service: InferenceService, before: InferenceServiceStatus | undefined, after: InferenceServiceStatus): Promise<void> {
    const news = newsOf(before, after);
    if (!news) {
      return;
    }
    try {
      await this.record(service, news);
    } catch (error) {
      this.log.warn('an event could not be written', { service: objectKey(service.metadata), reason: news.reason, error: messageOf(error) });
    }
  }

  private async record(service: InferenceService, news: News): Promise<void> {
    const now = this.clock.now();
    const key = `${service.metadata.uid ?? ''} ${news.reason} ${news.message}`;
    const before = this.recorded.get(key);
    const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
    for (const [name, { at }] of this.recorded) {
      if (now - at >= SAME_EVENT_MS) {
        this.recorded.delete(name);
      }
    }
    if (before && now - before.at < SAME_EVENT_MS) {
      const count = before.count + 1;
      this.recorded.set(key, { ...before, count });
      await this.api.mergePatch(before.ref, { count, lastTimestamp: time });
      return;
    }
    const event = eventOf(service, news, time, now);
    this.recorded.set(key, { ref: { apiVersion: 'v1', kind: 'Event', name: event.metadata.name, namespace: service.metadata.namespace ?? 'default' }, at: now, count: 1 });
    await this.api.create(event);
  }
}

interface News {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** What a person watching would want to hear; a start that takes its course is not news. */
function newsOf(before: InferenceServiceStatus | undefined, after: InferenceServiceStatus): News | undefined {
  const was = readyOf(before);
  const is = readyOf(after);
  if (is?.status === 'True') {
    return was?.status === 'True' ? undefined : { type: 'Normal', reason: 'InferenceServiceReady', message: 'the service is ready' };
  }
  if (is?.status !== 'False' || (was?.status === 'False' && was.reason === is.reason && was.message === is.message)) {
    return undefined;
  }
  const message = [is.reason, is.message].filter(Boolean).join(': ');
  if (is.reason === 'Stopped') {
    return { type: 'Normal', reason: 'Stopped', message: is.message ?? 'the service is stopped' };
  }
  if (was?.status === 'True') {
    return { type: 'Warning', reason: 'InferenceServiceNotReady', message };
  }
  const { transitionStatus } = after.modelStatus ?? {};
  const stuck = transitionStatus === 'BlockedByFailedLoad' || transitionStatus === 'InvalidSpec' || is.reason === 'ReconcileFailed';
  return stuck ? { type: 'Warning', reason: is.reason ?? 'InferenceServiceNotReady', message: is.message ?? message } : undefined;
}

function readyOf(status: InferenceServiceStatus | undefined): Condition | undefined {
  return status?.conditions?.find((c) => c.type === 'Ready');
}

function eventOf(service: InferenceService, { type, reason, message }: News, time: string, now: number): KubeObject {
  const { name, namespace = 'default', uid = '' } = service.metadata;
  const suffix = createHash('sha1').update(`${uid} ${reason} ${message} ${now}`).digest('hex').slice(0, 16);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${suffix}`, namespace },
    involvedObject: { apiVersion: service.apiVersion, kind: service.kind, name, namespace, uid },
    type,
    reason,
    message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 3)}...` : message,
    source: { component: FIELD_MANAGER },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
