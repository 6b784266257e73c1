import { defaultInferenceService, type InferenceService, type KubeObject, type TrainedModel, type TrainedModelStatus } from '../api';
import { admitModels, isMultiModel, listedModel, memoryLimit, memoryOf, modelConfigName, spokenProtocol, type World } from '../render';
import { conditionOf, finding, finishConditions, type Deciding, type Finding } from './conditions';

export interface TrainedModelStatusInput {
  readonly model: TrainedModel;
  /** The service that it names, where there is one. */
  readonly parent: InferenceService | undefined;
  /** All models that name that service, this one included. */
  readonly siblings: readonly TrainedModel[];
  /** The ConfigMap from which the service's server learns of its models, as it lives. */
  readonly list: KubeObject | undefined;
  readonly world: World;
  /** RFC 3339; used for conditions that change. */
  readonly now: string;
}

const DECIDING: Deciding = { always: ['InferenceServiceReady', 'IsMMSPredictor', 'MemoryResourceAvailable', 'ModelListed'], wherePresent: [] };

/**
 * The status of one of several models in a service. Pure. It is Ready when the service answers and its server was told
 * of the model; that the server has loaded it, only the server knows.
 *
 * KServe differs: a model whose service is not there says so; upstream deletes it. A model that the service's ConfigMap
 * does not list is not Ready; upstream does not look.
 */
export function computeTrainedModelStatus(input: TrainedModelStatusInput): TrainedModelStatus {
  const { model, world, now } = input;
  const parent = input.parent && defaultInferenceService(input.parent, world.config);
  const conditions = finishConditions(parent ? findings(input, parent) : orphan(model), model.status?.conditions ?? [], now, [], DECIDING);
  const path = parent ? pathOf(model, parent, world) : '';
  const { url, address } = parent?.status ?? {};
  return {
    ...(model.metadata.generation === undefined ? {} : { observedGeneration: model.metadata.generation }),
    conditions,
    ...(url ? { url: `${url}${path}` } : {}),
    ...(address?.url ? { address: { url: `${address.url}${path}` } } : {}),
  };
}

function findings(input: TrainedModelStatusInput, parent: InferenceService): readonly Finding[] {
  return [
    parentFinding(parent),
    isMultiModel(parent.spec.predictor)
      ? finding('IsMMSPredictor', 'True')
      : finding('IsMMSPredictor', 'False', 'IsNotMMSPredictor', `the predictor of InferenceService ${parent.metadata.name} has a model of its own; remove its storageUri to let it serve several`),
    memoryFinding(input, parent),
    listedFinding(input, parent),
  ];
}

function parentFinding(parent: InferenceService): Finding {
  const type = 'InferenceServiceReady';
  const { name, deletionTimestamp } = parent.metadata;
  if (deletionTimestamp) return finding(type, 'False', 'InferenceServiceTerminating', `InferenceService ${name} is being deleted`);
  const ready = conditionOf(parent, 'Ready');
  return ready?.status === 'True' ? finding(type, 'True') : finding(type, 'False', 'InferenceServiceNotReady', `InferenceService ${name} is not ready${ready?.message ? `: ${ready.message}` : ''}`);
}

function memoryFinding({ model, siblings }: TrainedModelStatusInput, parent: InferenceService): Finding {
  const type = 'MemoryResourceAvailable';
  const isAdmitted = admitModels(parent, siblings).admitted.some((m) => m.metadata.name === model.metadata.name);
  if (isAdmitted) return finding(type, 'True');
  const limit = memoryLimit(parent.spec.predictor) ?? 0;
  const why = memoryOf(model) > limit ? `it asks for ${model.spec.model.memory}, more than` : 'older models leave too little of';
  return finding(type, 'False', 'MemoryResourceNotAvailable', `${why} the predictor's ${limit} bytes; raise its memory limit or remove a model`);
}

/** An entry of an earlier spec counts: the server goes on with that until it has read the next. */
function listedFinding({ model, list }: TrainedModelStatusInput, parent: InferenceService): Finding {
  const type = 'ModelListed';
  const name = modelConfigName(parent.metadata.name);
  const listed = list && listedModel(list, model.metadata.name);
  const { storageUri, framework } = model.spec.model;
  const progress = conditionOf(parent, 'Progressing');
  const held = progress?.status === 'False' && progress.reason !== 'Settled' && progress.message ? ` (${progress.message})` : '';
  if (!listed) return finding(type, 'False', 'ModelNotListed', `ConfigMap ${name}, which the server reads, does not list it yet${held}`);
  if (listed.storageUri === storageUri && listed.framework === framework) return finding(type, 'True');
  return finding(type, 'True', 'EarlierSpecListed', `ConfigMap ${name} lists it as it was: ${listed.framework} at ${listed.storageUri}${held}`);
}

function orphan({ spec }: TrainedModel): readonly Finding[] {
  const message = `there is no InferenceService ${spec.inferenceService} in the namespace`;
  return [finding('InferenceServiceReady', 'False', 'InferenceServiceMissing', message), ...DECIDING.always.slice(1).map((type) => finding(type, 'Unknown', 'InferenceServiceMissing', message))];
}

function pathOf({ metadata: { name } }: TrainedModel, parent: InferenceService, { runtimes }: World): string {
  const { servingRuntimeName, clusterServingRuntimeName } = parent.status ?? {};
  const runtime = runtimes.find(({ kind, metadata }) => (kind === 'ServingRuntime' ? metadata.name === servingRuntimeName && metadata.namespace === parent.metadata.namespace : metadata.name === clusterServingRuntimeName));
  return spokenProtocol(parent, runtime) === 'v2' ? `/v2/models/${name}/infer` : `/v1/models/${name}:predict`;
}
