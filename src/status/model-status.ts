import type { KubeObject, ModelStatus } from '../api';
import { isFetching, isReadyPod, newestPod, podFailure, type PodFailure } from './pod-failure';

/** The model's state as its pods tell it. */
export function modelStatus(ready: boolean, pods: readonly KubeObject[], failure: PodFailure | undefined): ModelStatus {
  const running = pods.filter(isReadyPod).length;
  const failed = pods.filter((p) => podFailure(p) !== undefined).length;
  const copies = { failedCopies: failed, totalCopies: running };
  const active = running > 0 || ready ? 'Loaded' : '';
  if (failure) {
    return {
      transitionStatus: 'BlockedByFailedLoad',
      states: { activeModelState: active, targetModelState: 'FailedToLoad' },
      lastFailureInfo: { reason: 'ModelLoadFailed', message: failure.message, ...(failure.exitCode === undefined ? {} : { exitCode: failure.exitCode }) },
      copies,
    };
  }
  if (ready) return { transitionStatus: 'UpToDate', states: { activeModelState: 'Loaded', targetModelState: 'Loaded' }, copies };
  const target = isFetching(newestPod(pods)) ? 'Loading' : 'Pending';
  return { transitionStatus: 'InProgress', states: { activeModelState: active, targetModelState: target }, copies };
}
