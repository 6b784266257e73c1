import { CONTAINER, type KubeObject } from '../api';

/** Why the newest pod of a component does not serve. */
export interface PodFailure {
  readonly reason: string;
  readonly message: string;
  readonly exitCode?: number;
}

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: object;
  readonly terminated?: { readonly reason?: string; readonly message?: string; readonly exitCode?: number };
}

interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

/** Waiting reasons that are part of every start and say nothing is wrong. */
const NORMAL_WAITS = ['ContainerCreating', 'PodInitializing'];

/** The newest pod first; names break ties so that the answer does not depend on list order. */
export function newestPod(pods: readonly KubeObject[]): KubeObject | undefined {
  return [...pods]
    .filter((p) => !p.metadata.deletionTimestamp)
    .sort((a, b) => compare(b.metadata.creationTimestamp ?? '', a.metadata.creationTimestamp ?? '') || compare(a.metadata.name, b.metadata.name))[0];
}

/** The first failure on a pod's way to ready: scheduling, then init containers, then the server. */
export function podFailure(pod: KubeObject | undefined): PodFailure | undefined {
  const status = (pod?.['status'] ?? {}) as PodStatus;
  const scheduled = status.conditions?.find((c) => c.type === 'PodScheduled');
  if (scheduled?.status === 'False') return { reason: scheduled.reason ?? 'Unschedulable', message: scheduled.message ?? 'no node fits the pod' };
  for (const container of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
    const failure = containerFailure(container);
    if (failure) return failure;
  }
  return undefined;
}

export function isReadyPod(pod: KubeObject): boolean {
  const status = (pod['status'] ?? {}) as PodStatus;
  return status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
}

/** Whether the model is being fetched right now. */
export function isFetching(pod: KubeObject | undefined): boolean {
  const status = (pod?.['status'] ?? {}) as PodStatus;
  return status.initContainerStatuses?.some((c) => c.name === CONTAINER.storageInitializer && c.state?.running !== undefined) ?? false;
}

function containerFailure(container: ContainerStatus): PodFailure | undefined {
  const { state, lastState, ready } = container;
  if (ready) return undefined;
  const ended = state?.terminated ?? lastState?.terminated;
  const waiting = state?.waiting;
  if (ended && ended.exitCode !== 0) {
    const what = container.name === CONTAINER.storageInitializer ? 'fetching the model failed' : `container ${container.name} failed`;
    return {
      reason: ended.reason === 'OOMKilled' ? 'OOMKilled' : 'ModelLoadFailed',
      message: ended.message?.trim() || `${what} with exit code ${ended.exitCode ?? 'unknown'}${ended.reason ? ` (${ended.reason})` : ''}`,
      ...(ended.exitCode === undefined ? {} : { exitCode: ended.exitCode }),
    };
  }
  if (waiting?.reason && !NORMAL_WAITS.includes(waiting.reason)) return { reason: waiting.reason, message: waiting.message ?? `container ${container.name} waits: ${waiting.reason}` };
  return undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
