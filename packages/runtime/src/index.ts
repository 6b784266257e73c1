// Public surface of the runtime: what local mode, tests and other programs may use of it in their own process.
export * from './client/index';
export * from './model/load-model';
export * from './model/model';
export * from './model/model-repository';
export * from './model/tensor-model';
export * from './process/log';
export * from './runtime-bin';
export * from './server/server-options';
export * from './server/start-server';
export * from './storage/fetch-model';
export type { SourceContext } from './storage/session';
export * from './version';
export * from './own/create-server';
export * from './own/custom-model';
export * from './own/payload';
export type { Predictor, PredictorOptions, PredictorProtocol } from './own/predictor';
