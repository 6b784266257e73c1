import type { ServeModel } from '../model/open-repository';
import { takesTensors } from '../model/tensor-model';
import { Histogram } from '../metrics/histogram';
import { Batcher } from './schedule/batcher';
import { type Latency, createServedModel } from './served-model';
import type { ServerOptions } from './server-options';

/** Makes models served ones, with what the server's options say of all of them. */
export function serveModel({ method, latencyLogging, log, batch, metrics }: Pick<ServerOptions, 'method' | 'latencyLogging' | 'log' | 'batch' | 'metrics'>): ServeModel {
  const onLatency = latencyLogging && log ? (id: string, latency: Latency): void => log.info(latencyLine(id, latency)) : undefined;
  return (name, model, version) => {
    const served = createServedModel(name, model, { method, onLatency, version });
    // Tensors of other models need not have their rows on one axis.
    if (!batch || takesTensors(model)) return served;
    const batcher = new Batcher({ ...batch, predict: (input) => model.predict(input, served.predictOptions), sizes: metrics?.batchRows ?? new Histogram([]) });
    return { ...served, predictLater: (input) => batcher.predict(input) };
  };
}

function latencyLine(id: string, { preprocess, predict, postprocess }: Latency): string {
  return `requestId: ${id}, preprocess_ms: ${preprocess.toFixed(3)}, explain_ms: 0, predict_ms: ${predict.toFixed(3)}, postprocess_ms: ${postprocess.toFixed(3)}`;
}
