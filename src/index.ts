// The constructs and what their properties are made of. The pure functions are in the subpaths `cdk8s-kserve/api`,
// `cdk8s-kserve/render` and `cdk8s-kserve/status`.
export type { ComponentProps } from './constructs/component/component-props';
export type { PredictorProps } from './constructs/component/predictor-props';
export type { ContainerComponentProps, ExplainerProps, TransformerProps } from './constructs/component/transformer-props';
export * from './constructs/credentials';
export { InferenceGraph, type GraphRoot, type InferenceGraphProps } from './constructs/graph/inference-graph';
export type { GraphCall, GraphCallOptions, GraphRoute, GraphTarget } from './constructs/graph/graph-steps';
export { InferenceService, type ServiceRollout } from './constructs/inference-service';
export * from './constructs/inference-service-props';
export * from './constructs/keda-metric';
export { ModelFormat } from './constructs/model-format';
export * from './constructs/platform';
export { Canary } from './constructs/rollout/canary';
export type { CanaryPredictorProps, CanaryProps } from './constructs/rollout/canary-props';
export type { CanaryStep, Strategy } from './constructs/rollout/steps';
export { Scale } from './constructs/scale';
export * from './constructs/serving-runtime';
export { Storage } from './constructs/storage';
export { TARGETS, type Target } from './constructs/target';
export { IsvcError } from './api/errors/isvc-error';
export { LintValidation, type LintValidationProps } from './lint/cdk8s-validation';
export type { ArtExplainerSpec, ComponentExtension, LoggerSpec, MetricsSpec, ModelFormatRef, ProtocolVersion, ScaleMetric, StorageUri, WorkerSpec } from './api/inference-service/types';
export type { KubeObject } from './api/k8s/object';
export type { Container, EnvVar, PodFields, Probe, Quantity, ResourceRequirements, StringMap, Volume, VolumeMount } from './api/k8s/pod';
export type { ModeName, PlatformConfig, PlatformConfigInput } from './api/platform-config/types';
export type { ServingRuntimeSpec, SupportedModelFormat } from './api/serving-runtime/types';
export type { Decision } from './render/types';
