import { TRAINED_MODEL_KIND, type InferenceService, type KubeObject, type TrainedModel } from 'cdk8s-kserve/api';
import { computeTrainedModelStatus } from 'cdk8s-kserve/status';
import { timestamp, type Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { againIn, type ReconcileResult } from '../engine/run-reconciler';
import type { KubeApi } from '../kube/kube-api';
import type { ClusterCache } from './cluster-cache';
import { EventRecorder } from './event-recorder';
import { withoutKserveFinalizers } from './kserve-finalizers';
import { StatusWriter } from './status-writer';
import type { WorldSource } from './world-source';

export interface TrainedModelReconcilerOptions {
  readonly api: KubeApi;
  readonly cache: ClusterCache;
  readonly serviceOf: (namespace: string, name: string) => InferenceService | undefined;
  /** The ConfigMap with the models of a service. */
  readonly listOf: (namespace: string, service: string) => KubeObject | undefined;
  readonly world: WorldSource;
  readonly clock: Clock;
  readonly log: Log;
  /** See `StatusWriterOptions`. */
  readonly settleMs: number;
}

/** Keeps the status of one of several models of a service; that the server loads it is the service's own ConfigMap. */
export class TrainedModelReconciler {
  private readonly options: TrainedModelReconcilerOptions;
  private readonly events: EventRecorder;
  private readonly status: StatusWriter;

  constructor(options: TrainedModelReconcilerOptions) {
    this.options = options;
    this.events = new EventRecorder(options.api, options.clock, options.log);
    this.status = new StatusWriter(options);
  }

  async reconcile(key: string): Promise<ReconcileResult> {
    const { cache, serviceOf, listOf, world, clock } = this.options;
    const known = cache.get(TRAINED_MODEL_KIND, key) as TrainedModel | undefined;
    const model = known && (await withoutKserveFinalizers(known, this.options));
    if (!model || model.metadata.deletionTimestamp) {
      this.status.forget(key);
      return {};
    }
    const { namespace = '' } = model.metadata;
    const { inferenceService } = model.spec;
    const siblings = (cache.list('owner') as TrainedModel[]).filter((m) => m.metadata.namespace === namespace && m.spec.inferenceService === inferenceService);
    const status = computeTrainedModelStatus({
      model, siblings,
      parent: serviceOf(namespace, inferenceService),
      list: listOf(namespace, inferenceService),
      world: world.current(),
      now: timestamp(clock.now()),
    });
    const outcome = await this.status.write(model, status);
    if (outcome.type === 'written') {
      await this.events.statusChanged(model, model.status, status);
    }
    return againIn(outcome.againInMs);
  }
}
