import { RequestMetrics } from '../metrics/request-metrics';
import type { ContentTypes } from '../model/content-types';
import type { Matrix, OutputTensor, PredictOptions } from '../model/model';
import { type ServableModel, takesTensors } from '../model/tensor-model';

/** Milliseconds each phase of one request took. */
export interface Latency {
  readonly preprocess: number;
  readonly predict: number;
  readonly postprocess: number;
}

/** A model under the name and with the settings it is served with. */
export interface ServedModel {
  readonly name: string;
  /** `1` where the model has no versions. */
  readonly version: string;
  readonly model: ServableModel;
  readonly predictOptions: PredictOptions;
  readonly metrics: RequestMetrics;
  /** Of its settings. @default - requests say it */
  readonly contentTypes?: ContentTypes;
  /** Predicts at a time of its own choosing, together with the rows of other requests. @default - at once, by the model */
  readonly predictLater?: (input: Matrix) => Promise<OutputTensor>;
  /** Called after each answered request, where latency logging is on. */
  readonly onLatency?: (requestId: string, latency: Latency) => void;
}

export interface ServedModelOptions {
  readonly method?: NonNullable<PredictOptions['method']> | undefined;
  readonly onLatency?: ServedModel['onLatency'] | undefined;
  /** @default '1' */
  readonly version?: string | undefined;
}

/** A model without the method that was wanted is asked to predict, as KServe does for probabilities. */
export function createServedModel(name: string, model: ServableModel, options: ServedModelOptions = {}): ServedModel {
  const methods = methodsOf(model);
  const method = options.method !== undefined && methods.includes(options.method) ? options.method : 'predict';
  return {
    name,
    version: options.version ?? '1',
    model,
    predictOptions: { method },
    metrics: new RequestMetrics(),
    ...(options.onLatency ? { onLatency: options.onLatency } : {}),
  };
}

function methodsOf(model: ServableModel): readonly string[] {
  if (takesTensors(model)) return ['predict'];
  return model.methods ?? (model.hasProbabilities ? ['predict', 'predict_proba'] : ['predict']);
}
