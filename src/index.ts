// The constructs and what their properties are made of. The pure functions are in the subpaths `cdk8s-kserve/api`,
// `cdk8s-kserve/render` and `cdk8s-kserve/status`.
export * from './constructs/inference-service';
export * from './constructs/platform';
export * from './constructs/predictor-props';
export * from './constructs/serving-runtime';
export { IsvcError } from './api/errors/isvc-error';
export { LintValidation, type LintValidationProps } from './lint/cdk8s-validation';
export type { ComponentExtension, ModelFormatRef, ProtocolVersion, ScaleMetric } from './api/inference-service/types';
export type { Container, EnvVar, PodFields, Probe, Quantity, ResourceRequirements, Volume, VolumeMount } from './api/k8s/pod';
export type { ModeName, PlatformConfig, PlatformConfigInput } from './api/platform-config/types';
export type { ServingRuntimeSpec, SupportedModelFormat } from './api/serving-runtime/types';
export type { Decision } from './render/types';
