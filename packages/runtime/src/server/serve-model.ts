import type { ServeModel } from '../model/open-repository';
import { type TensorModel, takesTensors } from '../model/tensor-model';
import { Histogram } from '../metrics/histogram';
import { Batcher } from './schedule/batcher';
import { matrixJoint } from './schedule/matrix-rows';
import { takesBatches, tensorJoint } from './schedule/tensor-rows';
import { type Latency, createServedModel } from './served-model';
import type { ServerOptions } from './server-options';

/** Makes models served ones, with what the server's options say of all of them. */
export function serveModel({ method, latencyLogging, log, batch: always, metrics }: Pick<ServerOptions, 'method' | 'latencyLogging' | 'log' | 'batch' | 'metrics'>): ServeModel {
  const onLatency = latencyLogging && log ? (id: string, latency: Latency): void => log.info(latencyLine(id, latency)) : undefined;
  return (name, model, version, own = {}) => {
    const served = createServedModel(name, model, { method: own.method ?? method, onLatency, version });
    const batch = own.batch ?? always;
    if (!batch) return served;
    const sizes = metrics?.batchRows ?? new Histogram([]);
    if (takesTensors(model)) return takesBatches(model) ? { ...served, model: batched(model, batch, sizes) } : served;
    const batcher = new Batcher({ ...batch, sizes, joint: matrixJoint, predict: (input) => model.predict(input, served.predictOptions) });
    return { ...served, predictLater: (input) => batcher.predict(input) };
  };
}

function batched(model: TensorModel, batch: NonNullable<ServerOptions['batch']>, sizes: Histogram): TensorModel {
  const batcher = new Batcher({ ...batch, sizes, joint: tensorJoint, predict: ({ inputs, ...context }) => model.infer(inputs, { headers: {}, ...context }) });
  const { kind, platform, estimator, inputs, outputs } = model;
  return {
    kind, platform, estimator, inputs, outputs,
    infer: (tensors, { outputs: wanted, parameters }) => batcher.predict({ inputs: tensors, ...(wanted ? { outputs: wanted } : {}), ...(parameters ? { parameters } : {}) }),
    ...(model.ready ? { ready: () => model.ready?.() ?? Promise.resolve(true) } : {}),
    close: async () => model.close?.(),
  };
}

function latencyLine(id: string, { preprocess, predict, postprocess }: Latency): string {
  return `requestId: ${id}, preprocess_ms: ${preprocess.toFixed(3)}, explain_ms: 0, predict_ms: ${predict.toFixed(3)}, postprocess_ms: ${postprocess.toFixed(3)}`;
}
