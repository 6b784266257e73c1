// Subpath `cdk8s-kserve/plan`: what a change of manifests does to children and pods. Pure.
export * from './plan';
export * from './project-live';
export * from './render-resources';
export * from './semantic-diff';
export * from './types';
