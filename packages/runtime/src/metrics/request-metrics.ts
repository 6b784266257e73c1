import { DurationHistogram } from './duration-histogram';

/** Phases of a request with the metric names of KServe's Python servers. */
export const REQUEST_PHASES = [
  { phase: 'preprocess', name: 'request_preprocess_seconds', help: 'pre-process request latency' },
  { phase: 'predict', name: 'request_predict_seconds', help: 'predict request latency' },
  { phase: 'explain', name: 'request_explain_seconds', help: 'explain request latency' },
  { phase: 'postprocess', name: 'request_postprocess_seconds', help: 'post-process request latency' },
] as const;

/** What is counted for one model. */
export class RequestMetrics {
  readonly preprocess = new DurationHistogram();
  readonly predict = new DurationHistogram();
  readonly explain = new DurationHistogram();
  readonly postprocess = new DurationHistogram();
}
