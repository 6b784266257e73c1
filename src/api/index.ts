// Subpath `cdk8s-kserve/api`: types, defaults, validation. Pure, without dependencies.
export * from './errors/catalogue';
export * from './errors/isvc-error';
export * from './k8s/object';
export * from './problem';
export * from './schema/structural-schema';
