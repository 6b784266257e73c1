import { objectKey, type KubeObject } from 'cdk8s-kserve/api';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { ObjectChange } from '../engine/object-store';
import { runReconciler, type RunningReconciler } from '../engine/run-reconciler';
import { WorkQueue } from '../engine/work-queue';
import type { KubeApi } from '../kube/kube-api';
import type { ControllerMetrics } from '../serve/controller-metrics';
import { affectedOwners } from './affected-owners';
import { ClusterCache } from './cluster-cache';
import { untilNamespaceLeaves, type Reconcile } from './leaving-namespace';
import type { WatchedKind } from './watched-kinds';

export interface OwnerLoopOptions {
  /** The kind that owns: InferenceService, InferenceGraph. */
  readonly ownerKind: string;
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly kinds: readonly WatchedKind[];
  readonly namespaces: readonly string[] | undefined;
  readonly configNamespace: string;
  readonly redetectMs: number;
  readonly concurrency: number;
  readonly metrics: ControllerMetrics | undefined;
  /** Told of every change before the owners it concerns are queued. */
  readonly onChange?: (kind: WatchedKind, change: ObjectChange) => void;
  readonly onApisChanged?: () => void;
}

/** The watches, the queue and the workers of one kind of owner. */
export class OwnerLoop {
  readonly cache: ClusterCache;
  private readonly options: OwnerLoopOptions;
  private readonly queue: WorkQueue;
  private running: RunningReconciler | undefined;

  constructor(options: OwnerLoopOptions) {
    const { ownerKind, onChange, onApisChanged, metrics } = options;
    this.options = options;
    this.queue = new WorkQueue({ clock: options.clock });
    this.cache = new ClusterCache({
      ...options,
      onChange: (kind, change) => {
        onChange?.(kind, change);
        const affected = affectedOwners(kind, change, ownerKind);
        if ('keys' in affected) {
          this.enqueue(affected.keys);
        } else {
          this.enqueueNamespace(affected.namespace);
        }
      },
      onApisChanged: () => {
        onApisChanged?.();
        this.enqueueNamespace(undefined);
      },
    });
    const plural = `${ownerKind.replace(/^(Inference|Trained)/, '').toLowerCase()}s`;
    metrics?.gauge(plural === 'services' ? 'isvc_controller_queue_depth' : `isvc_controller_${plural}_queue_depth`, `${ownerKind}s that wait to be looked at.`, () => this.queue.depth);
    metrics?.gauge(`isvc_controller_${plural}`, `${ownerKind}s known.`, () => this.owners().length);
  }

  /** Nothing waits to be looked at now; owners that wait out a back-off do not count. */
  get idle(): boolean {
    return this.running !== undefined && this.queue.idle;
  }

  owners(): readonly KubeObject[] {
    return this.cache.list('owner');
  }

  enqueue(keys: readonly string[]): void {
    keys.forEach((key) => this.queue.add(key));
  }

  /** @param only a namespace, or undefined for all. */
  enqueueNamespace(only: string | undefined): void {
    for (const { metadata } of this.owners()) {
      if (only === undefined || metadata.namespace === only) {
        this.queue.add(objectKey(metadata));
      }
    }
  }

  /** Call it when the cache is whole: half a view would delete and remake what is merely not known yet. */
  run(reconcile: Reconcile): void {
    const { ownerKind, concurrency, log, metrics } = this.options;
    this.running = runReconciler({
      name: ownerKind.toLowerCase(), queue: this.queue, concurrency, log,
      reconcile: untilNamespaceLeaves(reconcile, (key) => this.cache.owner(key), log),
      ...(metrics ? { onRun: (result, seconds) => metrics.reconciled(result, seconds) } : {}),
    });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.queue.shutDown();
    await this.cache.stop();
  }
}
