import { ANNOTATION, CONTAINER } from '../keys';
import type { Container, Quantity } from '../k8s/pod';
import type { PlatformConfig } from '../platform-config/types';
import { SHORTHAND_FORMATS, type InferenceService, type ModelSpec, type PredictorExtension, type PredictorSpec, type ProtocolVersion } from './types';

/** Formats whose older spelling has always meant the V2 protocol. */
const V2_SHORTHANDS: ReadonlySet<string> = new Set(['triton', 'onnx', 'huggingface']);
/** Formats that speak V2 when no protocol is named, whatever the spelling. */
const V2_FORMATS: ReadonlySet<string> = new Set(['triton', 'vLLM']);

/**
 * Fills in what KServe's webhook fills in: the older framework spelling becomes `model`, a custom container gets its
 * name and resources. Pure; returns a new object, or the same one when nothing was missing.
 */
export function defaultInferenceService(service: InferenceService, config: PlatformConfig): InferenceService {
  const { predictor, transformer, explainer } = service.spec;
  const spec = {
    ...service.spec,
    predictor: defaultPredictor(predictor, config),
    ...(transformer?.containers ? { transformer: { ...transformer, containers: defaultServer(transformer.containers, config) } } : {}),
    ...(explainer?.containers ? { explainer: { ...explainer, containers: defaultServer(explainer.containers, config) } } : {}),
  };
  return spec.predictor === predictor && !transformer && !explainer ? service : { ...service, spec };
}

/** The same for one predictor: the stable one, or a canary's overlay. */
export function defaultPredictor(predictor: PredictorSpec, config: PlatformConfig): PredictorSpec {
  const shorthand = SHORTHAND_FORMATS.find((f) => predictor[f] !== undefined);
  if (shorthand) {
    const { [shorthand]: extension, ...rest } = predictor;
    return withModelDefaults({ ...rest, model: modelOf(shorthand, extension ?? {}) });
  }
  if (predictor.model) return withModelDefaults(predictor);
  if (predictor.containers && predictor.containers.length > 0) return { ...predictor, containers: defaultContainers(predictor.containers, config) };
  return predictor;
}

function modelOf(format: string, extension: PredictorExtension): ModelSpec {
  const protocolVersion: ProtocolVersion | undefined = extension.protocolVersion ?? (V2_SHORTHANDS.has(format) ? 'v2' : undefined);
  return { modelFormat: { name: format }, ...extension, ...(protocolVersion ? { protocolVersion } : {}) };
}

function withModelDefaults(predictor: PredictorSpec): PredictorSpec {
  const { model } = predictor;
  if (!model || model.protocolVersion || !V2_FORMATS.has(model.modelFormat?.name)) return predictor;
  return { ...predictor, model: { ...model, protocolVersion: 'v2' } };
}

/** The first container of a custom predictor is the server: named, and with resources like any other server. */
function defaultContainers(containers: readonly Container[], config: PlatformConfig): readonly Container[] {
  const [first] = containers;
  return fillServer(containers, containers.length === 1 || !first?.name, config);
}

/** The first container of a transformer or explainer is its server, whatever it is called. */
function defaultServer(containers: readonly Container[], config: PlatformConfig): readonly Container[] {
  return containers.length === 0 ? containers : fillServer(containers, true, config);
}

function fillServer(containers: readonly Container[], rename: boolean, config: PlatformConfig): readonly Container[] {
  const [first, ...rest] = containers as [Container, ...Container[]];
  const { cpuLimit, memoryLimit, cpuRequest, memoryRequest } = config.inferenceService.resource;
  const filled: Container = {
    ...first,
    ...(rename ? { name: CONTAINER.server } : {}),
    resources: {
      ...first.resources,
      limits: { ...nonEmpty({ cpu: cpuLimit, memory: memoryLimit }), ...first.resources?.limits },
      requests: { ...nonEmpty({ cpu: cpuRequest, memory: memoryRequest }), ...first.resources?.requests },
    },
  };
  return [filled, ...rest];
}

function nonEmpty(amounts: Readonly<Record<string, Quantity | undefined>>): Record<string, Quantity> {
  return Object.fromEntries(Object.entries(amounts).filter((entry): entry is [string, Quantity] => entry[1] !== undefined && entry[1] !== ''));
}

/** The deployment mode as the annotation spells it, unparsed. */
export function modeAnnotation(service: InferenceService): string | undefined {
  return service.metadata.annotations?.[ANNOTATION.deploymentMode];
}
