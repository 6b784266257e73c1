import type { Condition } from 'cdk8s-kserve/api';
import type { ContainerLoop } from './container-loop';
import type { ContainerStatus, PodPhase, PodStatus } from './pod';
import { timestamp } from './timestamp';

export interface PodView {
  readonly uid: string;
  readonly hostAddress: string;
  /** Undefined until the pod has one. */
  readonly address: string | undefined;
  readonly initContainers: readonly ContainerLoop[];
  readonly containers: readonly ContainerLoop[];
  readonly initialized: boolean;
  /** Whether each init container succeeded in the end; false ends the pod. */
  readonly initFailed: boolean;
  /** Outcome of every container that ended for good, by name. */
  readonly ended: ReadonlyMap<string, boolean>;
  /** Why the pod as a whole cannot start. */
  readonly blocked: { readonly reason: string; readonly message: string } | undefined;
  /** As the API server worked it out; it refuses another one. */
  readonly qosClass: string;
  readonly startedAt: number;
  readonly now: number;
  readonly previous: readonly Condition[];
}

/** What the kubelet reports about a pod, from what its containers do. */
export function podStatus(view: PodView): PodStatus & { readonly conditions: readonly Condition[] } {
  const phase = phaseOf(view);
  const containerStatuses = view.containers.map((c) => containerStatus(view.uid, c));
  const initContainerStatuses = view.initContainers.map((c) => containerStatus(view.uid, c));
  return {
    phase,
    ...(view.blocked ? { reason: view.blocked.reason, message: view.blocked.message } : {}),
    hostIP: view.hostAddress,
    ...(view.address === undefined ? {} : { podIP: view.address, podIPs: [{ ip: view.address }] }),
    startTime: timestamp(view.startedAt),
    conditions: conditionsOf(view, phase),
    ...(initContainerStatuses.length > 0 ? { initContainerStatuses } : {}),
    containerStatuses,
    qosClass: view.qosClass,
  };
}

function phaseOf(view: PodView): PodPhase {
  if (view.initFailed) return 'Failed';
  if (!view.initialized || view.blocked) return 'Pending';
  if (view.containers.every((c) => view.ended.has(c.container.name))) return [...view.ended.values()].every(Boolean) ? 'Succeeded' : 'Failed';
  // Kubernetes: Pending until every container has been started once.
  return view.containers.every((c) => c.state.waiting && c.restartCount === 0) ? 'Pending' : 'Running';
}

function conditionsOf(view: PodView, phase: PodPhase): readonly Condition[] {
  const unready = view.containers.filter((c) => !c.ready).map((c) => c.container.name);
  const completed = phase === 'Succeeded';
  const notReady = completed ? { reason: 'PodCompleted' } : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const containersReady = condition('ContainersReady', unready.length === 0 && view.initialized, notReady);
  const pendingInit = view.initContainers.filter((c) => !c.state.terminated || c.state.terminated.exitCode !== 0).map((c) => c.container.name);
  const conditions = [
    condition('PodScheduled', true),
    condition('Initialized', view.initialized, { reason: 'ContainersNotInitialized', message: `containers with incomplete status: [${pendingInit.join(' ')}]` }),
    containersReady,
    { ...containersReady, type: 'Ready' },
  ];
  return conditions.map((c) => ({ ...c, lastTransitionTime: transitionTime(c, view) }));
}

function condition(type: string, met: boolean, otherwise: { readonly reason: string; readonly message?: string } = { reason: '' }): Condition {
  return met ? { type, status: 'True' } : { type, status: 'False', ...otherwise };
}

function transitionTime(next: Condition, view: PodView): string {
  const previous = view.previous.find((c) => c.type === next.type);
  return previous?.status === next.status && previous.lastTransitionTime ? previous.lastTransitionTime : timestamp(view.now);
}

function containerStatus(podUid: string, loop: ContainerLoop): ContainerStatus {
  const image = loop.container.image ?? '';
  return {
    name: loop.container.name,
    image,
    imageID: image,
    ...(loop.pid === undefined ? {} : { containerID: `process://${podUid}/${loop.container.name}/${loop.pid}` }),
    restartCount: loop.restartCount,
    ready: loop.ready,
    started: loop.started,
    state: loop.state,
    lastState: loop.lastState,
  };
}
