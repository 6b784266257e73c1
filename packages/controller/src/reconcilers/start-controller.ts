import { objectKey } from 'cdk8s-kserve/api';
import { systemClock, type Clock } from '../engine/clock';
import { silentLog, type Log } from '../engine/log';
import type { ObjectChange } from '../engine/object-store';
import { runReconciler, type RunningReconciler } from '../engine/run-reconciler';
import { WorkQueue } from '../engine/work-queue';
import type { KubeApi } from '../kube/kube-api';
import type { ControllerMetrics } from '../serve/controller-metrics';
import { MeteredKubeApi } from '../serve/metered-kube-api';
import { affectedServices } from './affected-services';
import { ClusterCache } from './cluster-cache';
import { InferenceServiceReconciler } from './inference-service';
import { WATCHED_KINDS, type WatchedKind } from './watched-kinds';
import { WorldSource } from './world-source';

export interface ControllerOptions {
  readonly api: KubeApi;
  readonly log?: Log;
  readonly clock?: Clock;
  /** Namespaces whose services are looked after. @default - all */
  readonly namespaces?: readonly string[];
  /** The controller's own namespace, which holds the ConfigMap `inferenceservice-config`. @default 'kserve' */
  readonly namespace?: string;
  /** Services worked on at once. @default 8 */
  readonly concurrency?: number;
  /** How often missing APIs (Knative, Gateway API, our CRDs) are looked for, in milliseconds. @default 30000 */
  readonly redetectMs?: number;
  /** Status changes that leave `Ready` as it is are gathered for so long, in milliseconds. @default 250 */
  readonly statusSettleMs?: number;
  /** Where the controller counts what it does. @default - it does not */
  readonly metrics?: ControllerMetrics;
}

export interface RunningController {
  /** Resolves when all that the cluster serves is in the cache and work has begun. */
  readonly ready: Promise<void>;
  /** Nothing waits to be looked at now; services that wait out a back-off do not count. */
  readonly idle: boolean;
  /** Takes no more work, waits for what is under way, ends the watches. The API client stays open. */
  stop(): Promise<void>;
}

/** Starts the controller in this process: what `isvc-controller` does, and local mode, unchanged. */
export function startController(options: ControllerOptions): RunningController {
  const { metrics } = options;
  const api = metrics ? new MeteredKubeApi(options.api, metrics) : options.api;
  const { log = silentLog, clock = systemClock, namespaces, namespace = 'kserve', concurrency = 8, redetectMs = 30_000, statusSettleMs = 250 } = options;
  const queue = new WorkQueue({ clock });
  const cache = new ClusterCache({
    api, clock, log, namespaces, redetectMs,
    kinds: WATCHED_KINDS,
    configNamespace: namespace,
    onChange: enqueueAffected,
    onApisChanged: () => {
      world.invalidate();
      enqueueNamespace(undefined);
    },
  });
  const world = new WorldSource(cache, log);
  const reconciler = new InferenceServiceReconciler({ api, cache, world, clock, log, settleMs: statusSettleMs });

  function enqueueAffected(kind: WatchedKind, change: ObjectChange): void {
    if (kind.role === 'world' || kind.role === 'config') {
      world.invalidate();
    }
    const affected = affectedServices(kind, change);
    if ('keys' in affected) {
      affected.keys.forEach((key) => queue.add(key));
    } else {
      enqueueNamespace(affected.namespace);
    }
  }

  function enqueueNamespace(only: string | undefined): void {
    for (const { metadata } of cache.list('service')) {
      if (only === undefined || metadata.namespace === only) {
        queue.add(objectKey(metadata));
      }
    }
  }

  metrics?.gauge('isvc_controller_queue_depth', 'Services that wait to be looked at.', () => queue.depth);
  metrics?.gauge('isvc_controller_services', 'Services known.', () => cache.list('service').length);

  let running: RunningReconciler | undefined;
  let stopping = false;
  const ready = cache.start().then(() => {
    // Work begins when the cache is whole: half a view would delete and remake what is merely not known yet.
    if (!stopping) {
      running = runReconciler({
        name: 'inferenceservice', queue, concurrency, log,
        reconcile: (key, signal) => reconciler.reconcile(key, signal),
        ...(metrics ? { onRun: (result, seconds) => metrics.reconciled(result, seconds) } : {}),
      });
      log.info('controller started', { services: cache.list('service').length });
    }
  });
  return {
    ready,
    get idle() {
      return running !== undefined && queue.idle;
    },
    stop: async () => {
      stopping = true;
      await running?.stop();
      queue.shutDown();
      await cache.stop();
      log.info('controller stopped');
    },
  };
}
