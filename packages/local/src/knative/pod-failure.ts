import { isTerminating, type ContainerStatus, type Pod } from '../kubelet/pod';

export interface PodFailure {
  /** Which of a revision's conditions it is about: a container that died, or something that kept it from starting. */
  readonly about: 'container' | 'resources';
  readonly reason: string;
  readonly message: string;
}

/** Why the pods of a revision do not serve, in Knative's words; undefined while they may still come up. */
export function podFailure(pods: readonly Pod[]): PodFailure | undefined {
  for (const pod of pods) {
    if (isTerminating(pod)) continue;
    const { status } = pod;
    if (status?.reason && status.phase === 'Pending') return { about: 'resources', reason: status.reason, message: status.message ?? '' };
    for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
      const failure = containerFailure(container);
      if (failure) return failure;
    }
  }
  return undefined;
}

/** Waiting that ends by itself. */
const HARMLESS: readonly string[] = ['ContainerCreating', 'PodInitializing', 'CrashLoopBackOff'];

function containerFailure(container: ContainerStatus): PodFailure | undefined {
  const { state, lastState } = container;
  const dead = state.terminated ?? (state.running ? undefined : lastState.terminated);
  if (dead && dead.exitCode !== 0) return { about: 'container', reason: `ExitCode${dead.exitCode}`, message: `Container failed with: ${dead.message ?? ''}` };
  const { waiting } = state;
  return waiting && !HARMLESS.includes(waiting.reason) ? { about: 'resources', reason: waiting.reason, message: waiting.message ?? '' } : undefined;
}
