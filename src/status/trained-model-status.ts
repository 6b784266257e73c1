import type { InferenceService, TrainedModel, TrainedModelStatus } from '../api';
import { admitModels, isMultiModel, memoryLimit } from '../render';
import { conditionOf, finding, finishConditions, type Deciding, type Finding } from './conditions';

export interface TrainedModelStatusInput {
  readonly model: TrainedModel;
  /** The service that it names, where there is one. */
  readonly parent: InferenceService | undefined;
  /** All models that name that service, this one included. */
  readonly siblings: readonly TrainedModel[];
  /** RFC 3339; used for conditions that change. */
  readonly now: string;
}

const DECIDING: Deciding = { always: ['InferenceServiceReady', 'IsMMSPredictor', 'MemoryResourceAvailable'], wherePresent: [] };

/**
 * The status of one of several models in a service. Pure.
 *
 * KServe differs: a model whose service is not there says so; upstream deletes it.
 */
export function computeTrainedModelStatus({ model, parent, siblings, now }: TrainedModelStatusInput): TrainedModelStatus {
  const conditions = finishConditions(parent ? findings(model, parent, siblings) : orphan(model), model.status?.conditions ?? [], now, [], DECIDING);
  const path = parent ? pathOf(model, parent) : '';
  const { url, address } = parent?.status ?? {};
  return {
    ...(model.metadata.generation === undefined ? {} : { observedGeneration: model.metadata.generation }),
    conditions,
    ...(url ? { url: `${url}${path}` } : {}),
    ...(address?.url ? { address: { url: `${address.url}${path}` } } : {}),
  };
}

function findings(model: TrainedModel, parent: InferenceService, siblings: readonly TrainedModel[]): readonly Finding[] {
  const { name } = parent.metadata;
  const ready = conditionOf(parent, 'Ready');
  const fits = admitModels(parent, siblings).admitted.some((m) => m.metadata.name === model.metadata.name);
  return [
    ready?.status === 'True' ? finding('InferenceServiceReady', 'True') : finding('InferenceServiceReady', 'False', 'InferenceServiceNotReady', `InferenceService ${name} is not ready${ready?.message ? `: ${ready.message}` : ''}`),
    isMultiModel(parent.spec.predictor)
      ? finding('IsMMSPredictor', 'True')
      : finding('IsMMSPredictor', 'False', 'IsNotMMSPredictor', `the predictor of InferenceService ${name} has a model of its own; remove its storageUri to let it serve several`),
    fits
      ? finding('MemoryResourceAvailable', 'True')
      : finding('MemoryResourceAvailable', 'False', 'MemoryResourceNotAvailable', `older models leave too little of the predictor's ${memoryLimit(parent.spec.predictor) ?? 0} bytes; raise its memory limit or remove a model`),
  ];
}

function orphan({ spec }: TrainedModel): readonly Finding[] {
  const message = `there is no InferenceService ${spec.inferenceService} in the namespace`;
  return [finding('InferenceServiceReady', 'False', 'InferenceServiceMissing', message), ...DECIDING.always.slice(1).map((type) => finding(type, 'Unknown', 'InferenceServiceMissing', message))];
}

function pathOf({ metadata: { name } }: TrainedModel, parent: InferenceService): string {
  return parent.spec.predictor.model?.protocolVersion === 'v2' ? `/v2/models/${name}/infer` : `/v1/models/${name}:predict`;
}
