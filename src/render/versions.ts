import {
  defaultPredictor, type CanaryVariant, type ComponentExtension, type ComponentRole, type DeploymentMode, type InferenceService, type PodSpec, type PredictorSpec,
  type ServingRuntime,
} from '../api';
import { withAgent } from './agent/with-agent';
import type { Component } from './component';
import { componentMetadata } from './metadata';
import { withMetricsAnnotations } from './metrics';
import { componentName } from './names';
import { explainerPod, transformerPod } from './pod/component-pod';
import { withGkeAccelerator } from './pod/gke-accelerator';
import { deepMerge } from './pod/merge';
import { predictorPod } from './pod/predictor-pod';
import { aboutObject, type Decision, type World } from './types';

/** A predictor with the transformer and explainer that speak to it: what a request goes through as a whole. */
export interface Version {
  readonly variant?: CanaryVariant;
  readonly predictor: Component;
  readonly transformer?: Component;
  readonly explainer?: Component;
  readonly runtime?: ServingRuntime;
  /** The service with the labels that its runtime adds. */
  readonly service: InferenceService;
  readonly decisions: readonly Decision[];
}

/** The component that requests enter a version by. */
export function entryOf(version: Version): Component {
  return version.transformer ?? version.predictor;
}

export function componentsOf(version: Version): readonly Component[] {
  return [version.predictor, version.transformer, version.explainer].filter((c) => c !== undefined);
}

/**
 * The stable version of a service, or one beside it.
 *
 * KServe differs: a canary gets its own transformer and explainer, wired to its own predictor, so that a request stays
 * within one version; upstream sends the canary's share past the transformer.
 */
export function buildVersion(given: InferenceService, mode: DeploymentMode, world: World, variant?: CanaryVariant): Version {
  const base = variant ? { ...given, spec: specOf(given, variant, world) } : given;
  const { predictor, transformer, explainer } = base.spec;
  const path = variant ? `${variant.path}.predictor` : 'spec.predictor';
  const built = predictorPod(base, world, path);
  const service = withLabels(base, built.labels);
  const decisions: Decision[] = [...built.decisions];
  const make = (role: ComponentRole, name: string, extension: ComponentExtension, pod: PodSpec, at: string, runtime?: ServingRuntime): Component => {
    const metadata = withMetricsAnnotations(componentMetadata(service, role, extension, runtime, mode, world.config), mode, world.config);
    const placed = withGkeAccelerator(pod, metadata.annotations);
    const agent = withAgent({ service, role, name, extension, pod: placed, mode, path: at }, metadata, world);
    decisions.push(...(role === 'predictor' ? agent.decisions : aboutObject(name, agent.decisions)));
    return { role, name, namespace: service.metadata.namespace ?? 'default', extension, pod: agent.pod, metadata, agent: agent.present, path: at };
  };
  const { name } = service.metadata;
  const predictorObject = componentName(name, 'predictor', predictor.name);
  const made = make('predictor', predictorObject, predictor, built.pod, path, built.runtime);
  const asks = { modelName: name, predictorHost: `${predictorObject}.${made.namespace}` };
  const transformed = transformer && transformerPod(service, transformer, asks, world);
  const explained = explainer && explainerPod(service, explainer, asks, world);
  for (const [role, component] of [['transformer', transformed], ['explainer', explained]] as const) {
    decisions.push(...aboutObject(componentName(name, role, variant?.name), component?.decisions ?? []));
  }
  return {
    ...(variant ? { variant } : {}),
    service,
    predictor: made,
    ...(transformer && transformed ? { transformer: make('transformer', componentName(name, 'transformer', variant?.name), transformer, transformed.pod, 'spec.transformer') } : {}),
    ...(explainer && explained ? { explainer: make('explainer', componentName(name, 'explainer', variant?.name), explainer, explained.pod, 'spec.explainer') } : {}),
    ...(built.runtime ? { runtime: built.runtime } : {}),
    decisions,
  };
}

function specOf({ spec }: InferenceService, variant: CanaryVariant, world: World): InferenceService['spec'] {
  const { transformer, explainer } = variant;
  return {
    ...spec,
    predictor: overlaid(spec.predictor, variant, world),
    ...(transformer ? { transformer: deepMerge(spec.transformer ?? {}, transformer) } : {}),
    ...(explainer ? { explainer: deepMerge(spec.explainer ?? {}, explainer) } : {}),
  };
}

/**
 * The predictor of a canary: the stable one, overlaid field by field. A model of another format shares nothing with the
 * stable model, so it stands for itself.
 */
function overlaid(stable: PredictorSpec, variant: CanaryVariant, world: World): PredictorSpec {
  const overlay = defaultPredictor(variant.overlay, world.config);
  const { model: _model, containers: _containers, ...shell } = stable;
  const otherKind = (overlay.containers && stable.model) || (overlay.model && !stable.model);
  const otherFormat = overlay.model?.modelFormat !== undefined && overlay.model.modelFormat.name !== stable.model?.modelFormat.name;
  const merged = deepMerge(otherKind || otherFormat ? shell : stable, overlay);
  return { ...merged, name: variant.name };
}

function withLabels(service: InferenceService, labels: Readonly<Record<string, string>>): InferenceService {
  if (Object.keys(labels).length === 0) return service;
  return { ...service, metadata: { ...service.metadata, labels: { ...service.metadata.labels, ...labels } } };
}
