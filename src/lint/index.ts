// Subpath `cdk8s-kserve/lint`: what is wrong with a set of manifests, found before anything reaches a cluster.
export * from './artifact';
export * from './cdk8s-validation';
export * from './context';
export * from './finding';
export * from './lint';
export * from './lint-object';
export * from './rule';
export * from './wanted-artifacts';
export { RULES, RULE_FAMILIES } from './rules';
