import { createHash } from 'node:crypto';
import { FIELD_MANAGER, INFERENCE_SERVICE_KIND, messageOf, objectKey, type InferenceService, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import { timestamp, type Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { KubeApi } from '../kube/kube-api';
import { canaryNews, type News } from './canary-news';
import { readinessNews, stuckNews, type ToldStatus } from './readiness-news';

interface Recorded {
  readonly ref: ObjectRef;
  readonly at: number;
  readonly count: number;
}

/** The same words about the same object within this time are counted on one Event. */
const SAME_EVENT_MS = 600_000;
/** The API server refuses longer messages. */
const LONGEST_MESSAGE = 1024;

/** Tells of a service or a graph that becomes ready, stops being ready or cannot become it, in the words of its conditions. */
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
  async statusChanged(owner: KubeObject, before: ToldStatus | undefined, after: ToldStatus): Promise<void> {
    const news = readinessNews(owner.kind, before, after) ?? stuckNews(before, after);
    for (const each of [...(news ? [news] : []), ...canaryNews(before, after, stableName(owner))]) {
      try {
        await this.record(owner, each);
      } catch (error) {
        this.log.warn('an event could not be written', { kind: owner.kind, name: objectKey(owner.metadata), reason: each.reason, error: messageOf(error) });
      }
    }
  }

  private async record(owner: KubeObject, news: News): Promise<void> {
    const now = this.clock.now();
    const key = `${owner.metadata.uid ?? ''} ${news.reason} ${news.message}`;
    const before = this.recorded.get(key);
    const time = timestamp(now);
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
    const event = eventOf(owner, news, time, now);
    this.recorded.set(key, { ref: { apiVersion: 'v1', kind: 'Event', name: event.metadata.name, namespace: owner.metadata.namespace ?? 'default' }, at: now, count: 1 });
    await this.api.create(event);
  }
}

/** The name of a service's stable version, where it has one. */
function stableName(owner: KubeObject): string | undefined {
  return owner.kind === INFERENCE_SERVICE_KIND.kind ? (owner as InferenceService).spec.predictor.name : undefined;
}

function eventOf(owner: KubeObject, { type, reason, message }: News, time: string, now: number): KubeObject {
  const { name, namespace = 'default', uid = '' } = owner.metadata;
  const suffix = createHash('sha1').update(`${uid} ${reason} ${message} ${now}`).digest('hex').slice(0, 16);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${suffix}`, namespace },
    involvedObject: { apiVersion: owner.apiVersion, kind: owner.kind, name, namespace, uid },
    type,
    reason,
    message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 3)}...` : message,
    source: { component: FIELD_MANAGER },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
