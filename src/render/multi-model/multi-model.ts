import { LABEL, parseQuantity, type InferenceService, type KubeObject, type PredictorSpec, type StringMap, type TrainedModel, type TrainedModelSource } from '../../api';
import { stableJson } from '../stable-json';
import type { Decision, World } from '../types';

/** KServe's only shard. */
const SHARD = 0;
const CONFIG_KEY = 'models.json';
const MULTI_MODEL_ENV = 'MULTI_MODEL_SERVER';

/** Whether a predictor is a server of several models: it has no model of its own, and TrainedModels name the service. */
export function isMultiModel({ model, storageUris, containers }: PredictorSpec): boolean {
  if (model) return !model.storageUri && !model.storage && !storageUris && model.modelFormat.name !== 'huggingface';
  return containers?.[0]?.env?.some((e) => e.name === MULTI_MODEL_ENV && e.value === 'true') === true;
}

/** Name of the ConfigMap that tells the server's agent which models there are. */
export function modelConfigName(service: string): string {
  return `modelconfig-${service}-${SHARD}`;
}

/** The models of a service, by name. */
export function modelsOf(service: InferenceService, world: World): readonly TrainedModel[] {
  const { name, namespace = 'default' } = service.metadata;
  return (world.trainedModels ?? [])
    .filter((m) => m.spec.inferenceService === name && (m.metadata.namespace ?? 'default') === namespace)
    .sort((a, b) => compareText(a.metadata.name, b.metadata.name));
}

export interface Admission {
  readonly admitted: readonly TrainedModel[];
  /** Models for which the predictor's memory does not suffice. */
  readonly refused: readonly TrainedModel[];
}

/**
 * Which models fit into the predictor's memory limit: the oldest first, so that a new one never pushes one out that serves.
 *
 * KServe differs: upstream remembers its choice in labels of the models; this one follows from the objects alone.
 */
export function admitModels(service: InferenceService, models: readonly TrainedModel[]): Admission {
  const limit = memoryLimit(service.spec.predictor);
  const byAge = [...models].sort((a, b) => compareText(a.metadata.creationTimestamp ?? '~', b.metadata.creationTimestamp ?? '~') || compareText(a.metadata.name, b.metadata.name));
  let used = 0;
  const admitted: TrainedModel[] = [];
  const refused: TrainedModel[] = [];
  for (const model of byAge) {
    const bytes = memoryOf(model);
    const fits = limit === undefined || used + bytes <= limit;
    (fits ? admitted : refused).push(model);
    if (fits) used += bytes;
  }
  return { admitted, refused };
}

/** Bytes that a model asks for; what is no quantity fits nowhere. */
export function memoryOf({ spec: { model } }: TrainedModel): number {
  return parseQuantity(model.memory) ?? Number.POSITIVE_INFINITY;
}

/** Bytes that the models of a predictor share; undefined without a limit. */
export function memoryLimit({ model, containers }: PredictorSpec): number | undefined {
  const limit = (model ?? containers?.[0])?.resources?.limits?.['memory'];
  return limit === undefined ? undefined : parseQuantity(limit);
}

/**
 * The ConfigMap with the models of a multi-model service; nothing for any other. The list is sorted, so that the same
 * models give the same bytes: upstream's order is random, and every pass of it wakes every agent.
 */
export function modelConfig(service: InferenceService, world: World): { readonly children: readonly KubeObject[]; readonly decisions: readonly Decision[] } {
  if (!isMultiModel(service.spec.predictor)) return { children: [], decisions: [] };
  const { name, namespace } = service.metadata;
  const { admitted, refused } = admitModels(service, modelsOf(service, world));
  const list = [...admitted].sort((a, b) => compareText(a.metadata.name, b.metadata.name)).map(({ metadata, spec: { model } }) => {
    const { storageUri, framework, memory } = model;
    return `{"modelName":${JSON.stringify(metadata.name)},"modelSpec":${stableJson({ storageUri, framework, memory })}}`;
  });
  const config: KubeObject = {
    apiVersion: 'v1', kind: 'ConfigMap',
    metadata: { name: modelConfigName(name), ...(namespace ? { namespace } : {}), labels: { ...service.metadata.labels, [LABEL.inferenceService]: name } },
    data: { [CONFIG_KEY]: `[${list.join(',')}]` },
  };
  const decisions: Decision[] = [{ topic: 'component', choice: `a server of ${admitted.length} models, listed in ConfigMap ${config.metadata.name}`, because: 'the predictor has no model of its own' }];
  if (refused.length > 0) decisions.push({ topic: 'component', choice: `not loaded: ${refused.map((m) => m.metadata.name).join(', ')}`, because: "the predictor's memory limit is used up by older models" });
  return { children: [config], decisions };
}

interface ListedModel {
  readonly modelName: string;
  readonly modelSpec: TrainedModelSource;
}

/** What a live ConfigMap of models says of one; undefined where it does not list it, or cannot be read. */
export function listedModel(config: KubeObject, name: string): TrainedModelSource | undefined {
  const { [CONFIG_KEY]: text = '[]' } = (config['data'] ?? {}) as StringMap;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? (list as readonly ListedModel[]).find((m) => m?.modelName === name)?.modelSpec : undefined;
  } catch {
    return undefined;
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
