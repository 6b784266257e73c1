// Subpath `cdk8s-kserve/api`: types, defaults, validation. Pure, without dependencies.
export * from './errors/catalogue';
export * from './errors/isvc-error';
export * from './k8s/object';
export * from './problem';
export * from './schema/check-schema';
export * from './schema/find-violations';
export * from './schema/json-value';
export * from './schema/prune-and-default';
export * from './schema/structural-schema';
export * from './schema/suggest';
export * from './schema/violation';
