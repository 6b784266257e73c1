import type { Condition, KubeObject, ModelStatus } from '../api';
import { isFetching, isReadyPod, newestPod, podFailure, type PodFailure } from './pod-failure';

export interface ModelObservation {
  /** Whether the predictor answers, with whichever version. */
  readonly ready: boolean;
  /** Whether what answers is the latest spec. */
  readonly settled: boolean;
  /** The predictor's pods; in serverless mode those of its latest revision. */
  readonly pods: readonly KubeObject[];
  /** Whether a pod of any revision is ready. */
  readonly answering: boolean;
  /** Why its newest pod does not serve. */
  readonly failure: PodFailure | undefined;
  /** What a workload says whose rollout will not come to its end. */
  readonly stuck: Condition | undefined;
}

/**
 * The model's state as its pods tell it, in KServe's words.
 *
 * KServe differs: upstream says `UpToDate` for as long as anything answers, an older version too.
 */
export function modelStatus({ ready, settled, pods, answering, failure, stuck }: ModelObservation): ModelStatus {
  // One that is being deleted is of a rollout that is over; its going would be a status of its own.
  const staying = pods.filter((p) => !p.metadata.deletionTimestamp);
  const running = staying.filter(isReadyPod).length;
  const failed = staying.filter((p) => podFailure(p) !== undefined).length;
  const copies = { failedCopies: failed, totalCopies: running };
  const active = answering || ready ? 'Loaded' : '';
  // A further instance that does not start changes nothing for those who call.
  if (ready && settled) return { transitionStatus: 'UpToDate', states: { activeModelState: 'Loaded', targetModelState: 'Loaded' }, copies };
  const cause = failure ?? (stuck && { message: stuck.message ?? stuck.reason ?? 'the rollout does not come to its end', exitCode: undefined });
  if (cause) {
    return {
      transitionStatus: 'BlockedByFailedLoad',
      states: { activeModelState: active, targetModelState: 'FailedToLoad' },
      lastFailureInfo: { reason: 'ModelLoadFailed', message: cause.message, ...(cause.exitCode === undefined ? {} : { exitCode: cause.exitCode }) },
      copies,
    };
  }
  const target = isFetching(newestPod(pods)) ? 'Loading' : 'Pending';
  return { transitionStatus: 'InProgress', states: { activeModelState: active, targetModelState: target }, copies };
}
