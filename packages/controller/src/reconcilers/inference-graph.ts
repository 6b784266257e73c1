import { hasErrors, INFERENCE_GRAPH_KIND, objectKey, type InferenceGraph, type InferenceService, type KubeObject } from 'cdk8s-kserve/api';
import { renderGraph } from 'cdk8s-kserve/render';
import { computeGraphStatus } from 'cdk8s-kserve/status';
import { timestamp, type Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { againIn, type ReconcileResult } from '../engine/run-reconciler';
import type { KubeApi } from '../kube/kube-api';
import { ApplyMemory } from './apply-memory';
import type { ClusterCache } from './cluster-cache';
import { EventRecorder } from './event-recorder';
import { LastChildren } from './last-children';
import { refusalError } from './refusal-error';
import { hastenRoutes } from './route-handover';
import { StatusWriter } from './status-writer';
import { syncOrKeep } from './sync-or-keep';
import { BY_OWNER, BY_OWNER_NAME } from './watched-kinds';
import type { WorldSource } from './world-source';

export interface InferenceGraphReconcilerOptions {
  readonly api: KubeApi;
  /** Of graphs, their children and their routers' pods. */
  readonly cache: ClusterCache;
  /** The services of a namespace, from the cache of the service reconciler. */
  readonly servicesIn: (namespace: string) => readonly InferenceService[];
  readonly world: WorldSource;
  /** See `ClusterCache.gateways`. */
  readonly gateways: () => readonly KubeObject[] | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** See `StatusWriterOptions`. */
  readonly settleMs: number;
}

/** Brings the router and the status of one graph to where they should be. A shell around `renderGraph` and `computeGraphStatus`. */
export class InferenceGraphReconciler {
  private readonly options: InferenceGraphReconcilerOptions;
  private readonly memory = new ApplyMemory();
  private readonly last = new LastChildren();
  private readonly events: EventRecorder;
  private readonly status: StatusWriter;

  constructor(options: InferenceGraphReconcilerOptions) {
    this.options = options;
    this.events = new EventRecorder(options.api, options.clock, options.log);
    this.status = new StatusWriter(options);
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    const { cache, world, clock, servicesIn } = this.options;
    const graph = cache.get(INFERENCE_GRAPH_KIND, key) as InferenceGraph | undefined;
    if (!graph || graph.metadata.deletionTimestamp) {
      this.memory.forget(key);
      this.last.forget(key);
      this.status.forget(key);
      return {};
    }
    const services = servicesIn(graph.metadata.namespace ?? '');
    const rendered = renderGraph(graph, { ...world.current(), services });
    // An invalid spec, or a service that went, leaves the router of the last valid one alone: it still answers.
    const wanted = hasErrors(rendered.problems) ? undefined : rendered.children;
    const { refusals: refused, serving } = await syncOrKeep(graph, wanted, this.last, { ...this.options, memory: this.memory, signal });
    signal.throwIfAborted();
    const children = cache.byIndex('child', BY_OWNER, graph.metadata.uid ?? '');
    const status = computeGraphStatus({
      graph, rendered, refused, serving, services,
      gateways: this.options.gateways(),
      children,
      pods: cache.byIndex('pod', BY_OWNER_NAME, objectKey(graph.metadata)),
      now: timestamp(clock.now()),
    });
    const handoverMs = await hastenRoutes(children, this.options);
    const outcome = await this.status.write(graph, status);
    if (outcome.type === 'written') {
      await this.events.statusChanged(graph, graph.status, status);
    }
    const [first] = refused;
    if (first) {
      throw refusalError(first);
    }
    return againIn(outcome.againInMs, handoverMs);
  }
}
