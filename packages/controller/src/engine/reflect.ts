import { IsvcError, messageOf, type KubeObject } from 'cdk8s-kserve/api';
import { isExpired, KubeApiError } from '../kube/kube-api-error';
import type { ApiResource, KubeApi } from '../kube/kube-api';
import { backoffDelay, type BackoffOptions } from './backoff';
import { pause, type Clock } from './clock';
import type { Log } from './log';

/** Where the reflected objects go. */
export interface ReflectTarget {
  /** A complete list, taken at this resource version. */
  replace(items: readonly KubeObject[], listVersion: string): void;
  upsert(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** The server does not let us list or watch; we keep asking, since a grant may come. */
  forbidden(): void;
}

export interface ReflectOptions {
  readonly api: KubeApi;
  readonly resource: ApiResource;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Makes listed objects smaller as they arrive. @default - they stay as they are */
  readonly keep?: ((object: KubeObject) => KubeObject) | undefined;
  readonly target: ReflectTarget;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly backoff: BackoffOptions;
  readonly log: Log;
}

/** After this many broken watches in a row the place to continue from is itself suspect (a restored etcd, for one). */
const BROKEN_WATCHES_BEFORE_RELIST = 3;
/** A watch that ends sooner than this without an event was refused in effect, and is not reopened at once. */
const SHORTEST_USEFUL_WATCH_MS = 1_000;

/**
 * Lists once, then follows a watch for ever: continues from the last version seen when a watch ends, lists again when
 * that version is too old, and waits longer after each failure. Returns when the signal aborts; never throws.
 */
export async function reflect(options: ReflectOptions): Promise<void> {
  const { api, resource, target, signal, clock, log } = options;
  const where = { kind: resource.kind, namespace: options.namespace };
  const scope = {
    ...(options.namespace ? { namespace: options.namespace } : {}),
    ...(options.labelSelector ? { labelSelector: options.labelSelector } : {}),
    ...(options.fieldSelector ? { fieldSelector: options.fieldSelector } : {}),
  };
  let version: string | undefined;
  let failures = 0;

  async function waitAfterFailure(atLeastMs = 0): Promise<void> {
    failures++;
    await pause(clock, Math.max(atLeastMs, backoffDelay(failures, options.backoff)), signal);
  }

  while (!signal.aborted) {
    try {
      if (version === undefined) {
        const list = await api.list(resource, { ...scope, ...(options.keep ? { keep: options.keep } : {}) });
        if (signal.aborted) {
          return;
        }
        target.replace(list.items, list.resourceVersion);
        version = list.resourceVersion;
      }
      const openedAt = clock.now();
      let events = 0;
      for await (const event of api.watch(resource, { ...scope, resourceVersion: version, signal })) {
        if (signal.aborted) {
          return;
        }
        events++;
        failures = 0;
        version = event.type === 'BOOKMARK' ? event.resourceVersion : (event.object.metadata.resourceVersion ?? version);
        if (event.type === 'DELETED') {
          target.remove(event.object);
        } else if (event.type !== 'BOOKMARK') {
          target.upsert(event.object);
        }
      }
      if (events === 0 && clock.now() - openedAt < SHORTEST_USEFUL_WATCH_MS) {
        await waitAfterFailure();
      } else {
        failures = 0;
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (isExpired(error)) {
        log.debug('watch is too old, listing again', where);
        version = undefined;
        // The first relist is at once: nothing is wrong. A server that expires every watch gets the back-off.
        if (failures++ > 0) {
          await waitAfterFailure();
        }
        continue;
      }
      if (error instanceof KubeApiError && error.statusCode === 403) {
        target.forbidden();
        log.warn('may not list or watch a kind; grant get, list and watch', { apiVersion: resource.apiVersion, resource: resource.plural, namespace: options.namespace, error: error.serverMessage });
        await waitAfterFailure();
        version = undefined;
        continue;
      }
      const line = error instanceof IsvcError ? error.toLine() : messageOf(error);
      log[failures === 0 ? 'debug' : 'warn']('list or watch failed, will reconnect', { ...where, error: line });
      await waitAfterFailure(error instanceof KubeApiError ? error.retryAfterMs : undefined);
      if (failures >= BROKEN_WATCHES_BEFORE_RELIST) {
        version = undefined;
      }
    }
  }
}
