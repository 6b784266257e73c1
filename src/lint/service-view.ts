import {
  COMPONENT_ROLES, KNATIVE_SERVING_API, SHORTHAND_FORMATS, isJsonObject, rolloutOf, type CanaryVariant, type ComponentExtension, type ComponentRole, type DeploymentMode, type InferenceService,
  type KubeObject, type ModelSpec, type PodFields, type PodSpec, type PredictorExtension, type PredictorSpec, type StringMap,
} from '../api';
import { render, stableName, type RenderResult, type World } from '../render';
import type { LintObject } from './lint-object';
import { podView, workerView, type ContainerView, type PodView } from './pods';
import { mapAt } from './read';

/** An InferenceService whose shape is right, with what it will become. */
export interface ServiceView {
  readonly on: LintObject;
  readonly service: InferenceService;
  readonly annotations: StringMap;
  readonly mode: DeploymentMode;
  readonly result: RenderResult;
  readonly components: readonly ComponentView[];
  readonly pods: readonly PodView[];
  /** Models of the stable predictor and of its canaries. */
  readonly models: readonly ModelView[];
}

export interface ComponentView {
  readonly role: ComponentRole;
  readonly path: string;
  readonly extension: ComponentExtension;
  /** The service's and the component's, the component's last. */
  readonly annotations: StringMap;
  readonly pod: PodView;
}

/** A predictor's model, whichever way it is spelt. */
export interface ModelView {
  readonly path: string;
  readonly model: PredictorExtension & Partial<ModelSpec>;
  readonly format: string | undefined;
}

export function serviceView(on: LintObject, service: InferenceService, world: World): ServiceView {
  const result = render(service, world);
  const annotations = service.metadata.annotations ?? {};
  const components = COMPONENT_ROLES.flatMap((role) => {
    const spec = service.spec[role];
    if (!spec) return [];
    const path = `spec.${role}`;
    const pod: PodView = { ...podView(on, path, spec as PodFields, serverOf(role, spec)), role, merged: podOf(stableName(service, role), result.children) };
    return [{ role, path, extension: spec, annotations: { ...annotations, ...spec.annotations }, pod }];
  });
  const { workerSpec } = service.spec.predictor;
  const pods = [
    ...components.map((c) => c.pod),
    ...(workerSpec ? [{ ...workerView(on, 'spec.predictor.workerSpec', workerSpec), merged: podOf(`${service.metadata.name}-predictor-worker`, result.children) }] : []),
    ...canaryPods(on, service),
  ];
  const models = [modelOf(service.spec.predictor), ...overlays(service).map(({ overlay, path }) => modelOf(overlay, `${path}.predictor`))].filter((m) => m !== undefined);
  return { on, service, annotations, mode: result.mode, result, components, pods, models };
}

/** The model of a predictor; undefined for a custom container. */
export function modelOf(predictor: PredictorSpec, path = 'spec.predictor'): ModelView | undefined {
  if (predictor.model) return { path: `${path}.model`, model: predictor.model, format: predictor.model.modelFormat?.name };
  const shorthand = SHORTHAND_FORMATS.find((f) => isJsonObject(predictor[f]));
  return shorthand ? { path: `${path}.${shorthand}`, model: predictor[shorthand] ?? {}, format: shorthand } : undefined;
}

/** The server that a model or an explainer of a known kind stands for. */
function serverOf(role: ComponentRole, spec: object, path = `spec.${role}`): readonly ContainerView[] {
  if (role === 'explainer') {
    const art = (spec as NonNullable<InferenceService['spec']['explainer']>).art;
    return art ? [{ path: `${path}.art`, container: art, init: false }] : [];
  }
  const model = role === 'predictor' ? modelOf(spec as PredictorSpec, path) : undefined;
  return model ? [{ path: model.path, container: model.model, init: false }] : [];
}

function canaryPods(on: LintObject, service: InferenceService): readonly PodView[] {
  return overlays(service).map(({ overlay, path }) => podView(on, `${path}.predictor`, overlay, serverOf('predictor', overlay, `${path}.predictor`)));
}

function overlays(service: InferenceService): readonly CanaryVariant[] {
  if (!hasCanaryShape(service.spec.canary)) return [];
  const rollout = rolloutOf(service);
  return rollout.kind === 'variants' ? rollout.variants : [];
}

/** Validation stops before canaries when something else has a wrong value, so their outer shape is looked at here. */
function hasCanaryShape(canary: unknown): boolean {
  const entries: readonly unknown[] = Array.isArray(canary) ? canary : [canary];
  return entries.every((entry) => isJsonObject(entry) && isJsonObject(entry['predictor']));
}

/** The pod template that render made for a workload of the stable version. */
function podOf(name: string, children: readonly KubeObject[]): PodSpec | undefined {
  const child = children.find((c) => c.metadata.name === name && (c.kind === 'Deployment' || c.apiVersion === KNATIVE_SERVING_API));
  return child ? (mapAt(child, 'spec', 'template', 'spec') as unknown as PodSpec) : undefined;
}
