import { RequestMetrics } from '../metrics/request-metrics';
import type { Model, PredictOptions } from '../model/model';

/** Milliseconds each phase of one request took. */
export interface Latency {
  readonly preprocess: number;
  readonly predict: number;
  readonly postprocess: number;
}

/** A model under the name and with the settings it is served with. */
export interface ServedModel {
  readonly name: string;
  /** The only version a single-model server has. */
  readonly version: string;
  readonly model: Model;
  readonly predictOptions: PredictOptions;
  readonly metrics: RequestMetrics;
  /** Called after each answered request, where latency logging is on. */
  readonly onLatency?: (requestId: string, latency: Latency) => void;
}

export interface ServedModelOptions {
  readonly method?: NonNullable<PredictOptions['method']> | undefined;
  readonly onLatency?: ServedModel['onLatency'] | undefined;
}

/** A model without probabilities is asked for labels even where probabilities were wanted, as KServe does. */
export function createServedModel(name: string, model: Model, options: ServedModelOptions = {}): ServedModel {
  const method = options.method === 'predict_proba' && model.hasProbabilities ? 'predict_proba' : 'predict';
  return {
    name,
    version: '1',
    model,
    predictOptions: { method },
    metrics: new RequestMetrics(),
    ...(options.onLatency ? { onLatency: options.onLatency } : {}),
  };
}
