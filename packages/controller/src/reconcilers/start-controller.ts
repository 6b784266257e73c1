import { INFERENCE_GRAPH_KIND, INFERENCE_SERVICE_KIND, TRAINED_MODEL_KIND, objectKey, type InferenceGraph, type InferenceService, type KubeObject, type TrainedModel } from 'cdk8s-kserve/api';
import { modelConfigName } from 'cdk8s-kserve/render';
import { FOLLOWING_UPDATE } from 'cdk8s-kserve/status';
import { systemClock, type Clock } from '../engine/clock';
import { silentLog, type Log } from '../engine/log';
import type { ReconcileResult } from '../engine/run-reconciler';
import type { KubeApi } from '../kube/kube-api';
import type { ControllerMetrics } from '../serve/controller-metrics';
import { MeteredKubeApi } from '../serve/metered-kube-api';
import { isGatewayNews, statesOf } from './affected-owners';
import { graphsThatCall } from './graphs-that-call';
import { InferenceGraphReconciler } from './inference-graph';
import { InferenceServiceReconciler } from './inference-service';
import { OwnerLoop } from './owner-loop';
import { DEFAULT_BUDGET, RolloutBudget, type BudgetLimit } from './rollout-budget';
import { TrainedModelReconciler } from './trained-model';
import { GRAPH_KINDS, TRAINED_MODEL_KINDS, WATCHED_KINDS } from './watched-kinds';
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
  /** How many services may restart at once because of a change that is not theirs. @default { percent: 10 }, at least one */
  readonly rolloutBudget?: BudgetLimit;
  /** Services that wait for their turn to restart say so once none was given or given back for so long, in milliseconds. @default 60000 */
  readonly turnPatienceMs?: number;
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
  const { log = silentLog, clock = systemClock, namespaces, namespace: ownNamespace = 'kserve', concurrency = 8, redetectMs = 30_000, statusSettleMs: settleMs = 250, turnPatienceMs: patienceMs = 60_000 } = options;
  const shared = { api, clock, log, namespaces, configNamespace: ownNamespace, redetectMs, concurrency, metrics };
  const services = new OwnerLoop({
    ...shared, ownerKind: INFERENCE_SERVICE_KIND.kind, kinds: WATCHED_KINDS,
    onChange: (kind, change) => {
      if (kind.role === 'world' || kind.role === 'config') {
        world.invalidate();
        graphs.enqueueNamespace(kind.role === 'config' ? undefined : change.object.metadata.namespace);
      } else if (kind.role === 'gateway') {
        if (!isGatewayNews(change)) return;
        world.invalidate();
        graphs.enqueueNamespace(undefined);
      } else if (kind.role === 'owner') {
        wakeDependents(change.object);
      }
    },
    onApisChanged: () => {
      world.invalidate();
      graphs.enqueueNamespace(undefined);
    },
  });
  const graphs = new OwnerLoop({ ...shared, ownerKind: INFERENCE_GRAPH_KIND.kind, kinds: GRAPH_KINDS });
  const models = new OwnerLoop({
    ...shared, ownerKind: TRAINED_MODEL_KIND.kind, kinds: TRAINED_MODEL_KINDS,
    onChange: (_kind, change) => {
      world.invalidate();
      // One that moves concerns the service that it leaves, too.
      for (const { metadata: { namespace }, spec: { inferenceService } } of statesOf(change) as TrainedModel[]) {
        services.enqueue([objectKey({ name: inferenceService, namespace })]);
        // One that comes or goes decides whether its siblings fit.
        models.enqueue(modelsOfService(namespace, inferenceService));
      }
    },
  });
  const world = new WorldSource(services.cache, () => models.owners(), log);
  const servicesIn = (namespace: string): readonly InferenceService[] => services.owners().filter((service) => service.metadata.namespace === namespace) as InferenceService[];
  const budget = new RolloutBudget({ limit: options.rolloutBudget ?? DEFAULT_BUDGET, total: () => services.owners().length, wake: (key) => services.enqueue([key]), clock, patienceMs });
  metrics?.gauge('isvc_controller_updates_rolling', 'Services that restart to follow a change that is not theirs.', () => budget.restarting);
  metrics?.gauge('isvc_controller_updates_waiting', 'Services that wait for their turn to follow one.', () => budget.queued);
  const serviceReconciler = new InferenceServiceReconciler({ api, cache: services.cache, world, clock, log, settleMs, budget, onStatusWritten: wakeDependents });
  const graphReconciler = new InferenceGraphReconciler({ api, cache: graphs.cache, servicesIn, world, gateways: () => services.cache.gateways(), clock, log, settleMs });

  const modelReconciler = new TrainedModelReconciler({
    api, cache: models.cache, clock, log, settleMs,
    world, listOf: modelConfigOf,
    serviceOf: (namespace, name) => services.cache.get(INFERENCE_SERVICE_KIND, objectKey({ name, namespace })) as InferenceService | undefined,
  });

  /** The list of models that a service of several is given. */
  function modelConfigOf(namespace: string, service: string): KubeObject | undefined {
    return services.cache.get({ apiVersion: 'v1', kind: 'ConfigMap' }, objectKey({ name: modelConfigName(service), namespace }));
  }

  /** Our own writes wake nobody through the watch: models hear here that their service lists them. */
  async function reconcileService(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    const [namespace = '', name = ''] = key.split('/');
    const version = (): string | undefined => modelConfigOf(namespace, name)?.metadata.resourceVersion;
    const before = version();
    try {
      return await serviceReconciler.reconcile(key, signal);
    } finally {
      if (version() !== before) models.enqueue(modelsOfService(namespace, name));
    }
  }

  function wakeDependents(service: KubeObject): void {
    graphs.enqueue(graphsThatCall(service, graphs.owners() as InferenceGraph[]));
    models.enqueue(modelsOfService(service.metadata.namespace, service.metadata.name));
  }

  function modelsOfService(namespace: string | undefined, name: string): readonly string[] {
    return (models.owners() as TrainedModel[]).filter((m) => m.metadata.namespace === namespace && m.spec?.inferenceService === name).map((m) => objectKey(m.metadata));
  }

  let stopping = false;
  const ready = Promise.all([services.cache.start(), graphs.cache.start(), models.cache.start()]).then(() => {
    if (!stopping) {
      budget.restore(services.owners().filter(isFollowing).map((service) => objectKey(service.metadata)));
      services.run(reconcileService);
      graphs.run((key, signal) => graphReconciler.reconcile(key, signal));
      models.run((key) => modelReconciler.reconcile(key));
      log.info('controller started', { services: services.owners().length, graphs: graphs.owners().length });
    }
  });
  return {
    ready,
    get idle() {
      return services.idle && graphs.idle && models.idle;
    },
    stop: async () => {
      stopping = true;
      await Promise.all([services.stop(), graphs.stop(), models.stop()]);
      log.info('controller stopped');
    },
  };
}

/** It had taken its turn when the controller before us ended. */
function isFollowing(service: KubeObject): boolean {
  return (service as InferenceService).status?.conditions?.some((c) => c.type === FOLLOWING_UPDATE && c.status === 'True') === true;
}
