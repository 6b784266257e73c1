import { IsvcError } from 'cdk8s-kserve/api';
import type { RequestMetrics } from '../metrics/request-metrics';
import type { InferContext, Tensor, TensorModel } from '../model/tensor-model';
import { toV1Result, toV2Result } from './convert-payload';
import type { CustomContext, CustomModel } from './custom-model';
import type { Payload, Result, V1Payload, V1Result } from './payload';
import type { Predictor } from './predictor';

/** A model of your own as the server sees it: named tensors for V2 and gRPC, whole bodies for V1. */
export interface CustomPipeline extends TensorModel {
  predictBody(body: V1Payload, context: InferContext): Promise<V1Result>;
  explainBody(body: V1Payload, context: InferContext): Promise<unknown>;
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

export interface PipelineOptions {
  readonly name: string;
  readonly predictor?: Predictor;
  /** Whether the predictor behind has to be ready, too. */
  readonly healthCheck?: boolean;
  readonly metrics: RequestMetrics;
}

/** Runs preprocess, predict and postprocess, and counts each as KServe does. */
export function customPipeline(model: CustomModel, { name, predictor, healthCheck, metrics }: PipelineOptions): CustomPipeline {
  const contextOf = (context: InferContext): CustomContext => ({ ...context, modelName: name, ...(predictor ? { predictor } : {}) });
  const timed = async <T>(phase: keyof RequestMetrics, work: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    try {
      return await work();
    } finally {
      metrics[phase].observe((performance.now() - start) / 1000);
    }
  };
  const predict = (payload: Payload, context: CustomContext): Result | Promise<Result> => {
    if (model.predict) return model.predict(payload, context);
    if (predictor) return predictor.predict(payload, context);
    throw new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', `Model with name ${name} has no predict, and there is no service behind it; start the server with --predictor_host.`);
  };
  const run = async (payload: Payload, context: CustomContext): Promise<Result> => {
    const ready = await timed('preprocess', () => model.preprocess?.(payload, context) ?? payload);
    const result = await timed('predict', () => predict(ready, context));
    return timed('postprocess', () => model.postprocess?.(result, context) ?? result);
  };
  const explain = async (payload: Payload, context: CustomContext): Promise<unknown> => {
    const ready = await timed('preprocess', () => model.preprocess?.(payload, context) ?? payload);
    return timed('explain', () => {
      if (model.explain) return model.explain(ready, context);
      if (predictor && !model.predict) return predictor.explain(ready, context);
      throw new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', `Model with name ${name} has no explainer; ask the explainer's own service.`);
    });
  };
  return {
    kind: 'tensors',
    platform: 'custom',
    estimator: model.constructor === Object ? name : model.constructor.name,
    inputs: model.inputs ?? [],
    outputs: model.outputs ?? [],
    countsItself: true,
    predictBody: async (body, context) => toV1Result(await run(body, contextOf(context))),
    explainBody: (body, context) => explain(body, contextOf(context)),
    infer: async (inputs, context) => toV2Result(await run(v2Payload(inputs, context), contextOf(context))).outputs,
    explain: (inputs, context) => explain(v2Payload(inputs, context), contextOf(context)),
    ready: async () => !healthCheck || !predictor || predictor.ready(),
    close: async () => {
      predictor?.close();
      await model.close?.();
    },
  };
}

function v2Payload(inputs: readonly Tensor[], { id, parameters, outputs }: InferContext): Payload {
  return { inputs, ...(id === undefined ? {} : { id }), ...(parameters ? { parameters } : {}), ...(outputs ? { outputs } : {}) };
}
