// The client for model servers, of use without the rest of the runtime.
export * from './client-options';
export type { InferInputs, InferOutputs } from './infer-body';
export * from './inference-client';
export * from './inference-error';
export * from './model-metadata';
export type { Datatype, TensorSpec } from '../model/model';
export type { Tensor, TensorData } from '../model/tensor-model';
