// Subpath `cdk8s-kserve/render`: the pure function from a resource and its world to children and decisions.
export * from './graph/render-graph';
export * from './names';
export * from './raw/adopted-template';
export * from './render';
export * from './select-runtime';
export * from './spoken-protocol';
export * from './template';
export * from './types';
export * from './world';
export { admitModels, isMultiModel, listedModel, memoryLimit, memoryOf, modelConfigName } from './multi-model/multi-model';
