// Subpath `cdk8s-kserve/status`: the pure function from observed children to a service's status.
export * from './compute-status';
export * from './graph-status';
export * from './pod-failure';
export * from './trained-model-status';
export { isLostRevision } from './knative-answer';
export { type ChildRefusal } from './refusals';
export { routeBackends } from './route-backends';
export { leadsTo } from './leads-to';
export { isWorkload, publishedName, roleOf, serviceNamed } from './workloads';
export { ROUTE_KINDS } from './route-findings';
