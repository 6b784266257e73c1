import { ANNOTATION, type CanarySpec, type InferenceService, type InferenceServiceSpec, type ModelSpec, type PredictorSpec } from '../../api';
import { deepMerge } from '../../render/pod/merge';
import { predictorSpec } from '../component/predictor-props';
import { explainerSpec, transformerSpec } from '../component/transformer-props';
import type { CanaryProps } from './canary-props';

/** What a version changes, in KServe's words. */
export interface VersionOverlay {
  readonly name: string;
  readonly predictor: PredictorSpec;
  readonly transformer?: CanarySpec['transformer'];
  readonly explainer?: CanarySpec['explainer'];
}

export function versionOverlay(path: string, name: string, props: CanaryProps, stable: InferenceServiceSpec): VersionOverlay {
  const predictor = predictorSpec(props.predictor ?? {}, { path: `${path}: predictor` });
  return {
    name,
    predictor: withFormat(predictor, stable.predictor),
    ...(props.transformer ? { transformer: transformerSpec(props.transformer, { path: `${path}: transformer` }) } : {}),
    ...(props.explainer ? { explainer: explainerSpec(props.explainer, { path: `${path}: explainer` }) } : {}),
  };
}

/** KServe's schema asks for a format wherever there is a model, also where only its address changes. */
function withFormat(overlay: PredictorSpec, stable: PredictorSpec): PredictorSpec {
  if (!overlay.model || overlay.model.modelFormat || !stable.model) return overlay;
  const model: ModelSpec = { ...overlay.model, modelFormat: stable.model.modelFormat };
  return { ...overlay, model };
}

/** Raw mode: the version stands beside the stable one, under its own name. */
export function besideStable(stable: InferenceService, overlay: VersionOverlay, trafficPercent: number, shadow: boolean): InferenceService {
  const { name, predictor, transformer, explainer } = overlay;
  const entry: CanarySpec = {
    predictor: { name, ...predictor }, trafficPercent, ...(transformer ? { transformer } : {}), ...(explainer ? { explainer } : {}),
  };
  return { ...stable, spec: { ...stable.spec, canary: [entry], ...(shadow ? { shadow: true } : {}) } };
}

/** Serverless mode: the version is the service's next revision; every component that has one splits by the same share. */
export function asNextRevision(stable: InferenceService, overlay: VersionOverlay, canaryTrafficPercent: number, tagged: boolean): InferenceService {
  const { predictor, transformer, explainer } = stable.spec;
  const moved = <T extends object>(component: T | undefined, change: object | undefined): (T & { readonly canaryTrafficPercent: number }) | undefined =>
    component || change ? { ...deepMerge((component ?? {}) as T, change ?? {}), canaryTrafficPercent } : undefined;
  const nextTransformer = moved(transformer, overlay.transformer);
  const nextExplainer = moved(explainer, overlay.explainer);
  const spec: InferenceServiceSpec = {
    ...stable.spec,
    predictor: { ...withoutOther(predictor, overlay.predictor), canaryTrafficPercent },
    ...(nextTransformer ? { transformer: nextTransformer } : {}),
    ...(nextExplainer ? { explainer: nextExplainer } : {}),
  };
  const metadata = tagged ? { ...stable.metadata, annotations: { ...stable.metadata.annotations, [ANNOTATION.enableTagRouting]: 'true' } } : stable.metadata;
  return { ...stable, metadata, spec };
}

/** A model of another format, or a container instead of a model, shares nothing with the stable model. */
function withoutOther(stable: PredictorSpec, overlay: PredictorSpec): PredictorSpec {
  const { model, containers, ...shell } = stable;
  const otherKind = (overlay.containers !== undefined && model !== undefined) || (overlay.model !== undefined && model === undefined);
  const otherFormat = overlay.model !== undefined && overlay.model.modelFormat.name !== model?.modelFormat.name;
  return deepMerge(otherKind || otherFormat ? shell : { ...shell, ...(model ? { model } : {}), ...(containers ? { containers } : {}) }, overlay);
}
