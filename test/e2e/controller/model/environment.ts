import type { KubeObject } from 'cdk8s-kserve/api';
import { silentLog, systemClock, type KubeApi } from 'cdk8s-kserve-controller';
import { InformerSet } from '../../../../packages/local/src/reconciling/informer-set';
import { startReconciler, type ReconcilerContext } from '../../../../packages/local/src/reconciling/reconciler';
import { deploymentReconciler } from '../../../../packages/local/src/workloads/deployment-reconciler';
import { replicaSetReconciler } from '../../../../packages/local/src/workloads/replica-set-reconciler';
import { anything } from '../support/optional-crds';
import { BAD, FakeKnative } from './fake-knative';

/** Knative's own parent of the Service that has its name. */
export const KNATIVE_ROUTE_CRD = anything('serving.knative.dev', 'Route', 'routes');

/** What ReplicaSets and pods need; a real API server comes with a controller manager. */
export async function startWorkloadControllers(api: KubeApi): Promise<() => Promise<void>> {
  const context: ReconcilerContext = { api, informers: new InformerSet(api, silentLog), clock: systemClock, log: silentLog };
  const running = [deploymentReconciler(context), replicaSetReconciler(context)].map((r) => startReconciler(r, context));
  await context.informers.start();
  return async () => {
    await Promise.all(running.map((r) => r.stop()));
    await context.informers.stop();
  };
}

/** Plays kubelet, Knative and gateway in a namespace: each look moves some of what waits for them. */
export class Environment {
  private readonly api: KubeApi;
  private readonly state: () => readonly KubeObject[];
  private readonly knative: FakeKnative;

  constructor(api: KubeApi, namespace: string, state: () => readonly KubeObject[]) {
    this.api = api;
    this.state = state;
    this.knative = new FakeKnative(api, namespace);
  }

  /** @param happens whether one of the things that could happen now does */
  async look(happens: () => boolean): Promise<void> {
    for (const pod of this.pods()) {
      if (pod.metadata.deletionTimestamp) await this.quietly(this.api.delete(refTo(pod), { gracePeriodSeconds: 0 }));
      else if (!saysReady(pod) && happens()) await this.say(pod, !isBad(pod));
    }
    for (const route of this.state().filter((o) => o.kind === 'HTTPRoute')) {
      if (!route['status'] && happens()) await this.quietly(this.api.replaceStatus({ ...route, status: { parents: [ACCEPTED] } }));
    }
    for (const service of this.state().filter((o) => o.apiVersion === 'serving.knative.dev/v1')) {
      await this.quietly(this.knative.look(service, happens));
    }
  }

  /** A pod, any, stops answering for the moment, or is gone; a node that fails. */
  async hurtPod(random: () => number, how: 'unready' | 'gone'): Promise<void> {
    const pods = this.pods();
    const pod = pods[Math.floor(random() * pods.length)];
    if (pod) await (how === 'gone' ? this.quietly(this.api.delete(refTo(pod), { gracePeriodSeconds: 0 })) : this.say(pod, false));
  }

  private async say(pod: KubeObject, ready: boolean): Promise<void> {
    if (saysReady(pod) === ready && pod['status'] && statusOf(pod).containerStatuses) return;
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const state = ready ? { running: { startedAt: now } } : { waiting: { reason: 'CrashLoopBackOff' } };
    const lastState = ready ? {} : { lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'the model is bad', startedAt: now, finishedAt: now } } };
    const container = { name: 'kserve-container', image: 'x', imageID: 'x', ready, restartCount: ready ? 0 : 1, started: ready, state, ...lastState };
    const conditions = ['Initialized', 'PodScheduled', 'ContainersReady', 'Ready'].map((type) => ({ type, status: ready || ['Initialized', 'PodScheduled'].includes(type) ? 'True' : 'False', lastTransitionTime: now }));
    await this.quietly(this.api.replaceStatus({ ...pod, status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }], startTime: now, conditions, containerStatuses: [container] } }));
  }

  private pods(): readonly KubeObject[] {
    return this.state().filter((o) => o.kind === 'Pod');
  }

  /** Gone or changed meanwhile: that, too, is an order of events. */
  private async quietly(work: Promise<unknown>): Promise<void> {
    await work.catch(() => undefined);
  }
}

const ACCEPTED = {
  parentRef: { name: 'kserve-ingress-gateway', namespace: 'kserve' }, controllerName: 'test/gateway',
  conditions: ['Accepted', 'ResolvedRefs'].map((type) => ({ type, status: 'True', reason: type, message: '', lastTransitionTime: '2026-01-01T00:00:00Z' })),
};

interface PodStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly containerStatuses?: readonly unknown[];
}

const statusOf = (pod: KubeObject): PodStatus => (pod['status'] ?? {}) as PodStatus;

function saysReady(pod: KubeObject): boolean {
  return statusOf(pod).conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
}

function isBad(pod: KubeObject): boolean {
  return JSON.stringify(pod['spec']).includes(JSON.stringify(BAD));
}

function refTo({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): { apiVersion: string; kind: string; name: string; namespace: string } {
  return { apiVersion, kind, name, namespace: namespace ?? '' };
}
