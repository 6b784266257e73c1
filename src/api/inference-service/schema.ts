import { containerFields, containersSchema, podFields } from '../k8s/pod-schema';
import { anyObj, bool, int, listOf, obj, str, stringMap } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import { componentFields, percent, storageFields } from './component-schema';
import {
  ART_TYPES, PROTOCOL_VERSIONS, SHORTHAND_FORMATS, type ArtExplainerSpec, type CanarySpec, type ExplainerSpec, type InferenceServiceSpec,
  type ModelSpec, type PredictorExtension, type PredictorSpec, type TransformerSpec, type WorkerSpec,
} from './types';

type Schemas<T> = Record<keyof T, StructuralSchema>;

const extensionFields = {
  ...containerFields,
  storageUri: str({ minLength: 1, description: 'Where the model lies: scheme://..., fetched into /mnt/models before the server starts.' }),
  storage: obj(storageFields),
  runtimeVersion: str({ description: 'Replaces the tag of the runtime image.' }),
  protocolVersion: str({ enum: PROTOCOL_VERSIONS }),
  confidential: obj({ enabled: bool(), resourceId: str() }),
} satisfies Schemas<PredictorExtension>;

const modelFields = {
  ...extensionFields,
  modelFormat: obj({ name: str({ minLength: 1 }), version: str() }, { required: ['name'] }),
  runtime: str({ description: 'Name of a ServingRuntime or ClusterServingRuntime; chosen by format when absent.' }),
} satisfies Schemas<ModelSpec>;

const storageUris = listOf(obj({ uri: str({ minLength: 1 }), mountPath: str({ pattern: '^/.*', maxLength: 255 }) }, { required: ['uri'] }));

/** Worker nodes, of a predictor and of a runtime. */
export const workerSpecSchema = obj({
  ...podFields,
  containers: containersSchema,
  pipelineParallelSize: int({ minimum: 1, description: 'Nodes that the layers of the model are cut over.' }),
  tensorParallelSize: int({ minimum: 1, description: 'Accelerators that each layer is cut over.' }),
} satisfies Schemas<WorkerSpec>);

const artFields = {
  ...containerFields,
  type: str({ enum: ART_TYPES }),
  storageUri: str({ minLength: 1 }),
  runtimeVersion: str(),
  config: stringMap(),
  storage: obj(storageFields),
} satisfies Schemas<ArtExplainerSpec>;

const predictorFields = {
  ...podFields,
  ...componentFields,
  ...(Object.fromEntries(SHORTHAND_FORMATS.map((f) => [f, obj(extensionFields)])) as Record<(typeof SHORTHAND_FORMATS)[number], StructuralSchema>),
  name: str({ pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 }),
  model: obj(modelFields, { required: ['modelFormat'] }),
  containers: containersSchema,
  storageUris,
  storageContainerName: str(),
  workerSpec: workerSpecSchema,
} satisfies Schemas<PredictorSpec>;

export const predictorSchema = obj(predictorFields);

const transformerSchema = obj({ ...podFields, ...componentFields, containers: containersSchema, storageUris } satisfies Schemas<TransformerSpec>);
const explainerSchema = obj({ ...podFields, ...componentFields, containers: containersSchema, storageUris, art: obj(artFields, { required: ['type'] }) } satisfies Schemas<ExplainerSpec>);

/** One entry of the list form of `spec.canary`. */
export const canaryEntrySchema = obj(
  { predictor: predictorSchema, trafficPercent: percent, transformer: transformerSchema, explainer: explainerSchema } satisfies Schemas<CanarySpec>,
  { required: ['predictor', 'trafficPercent'] },
);
/** The older form of `spec.canary`, whose share stands beside it. */
export const olderCanarySchema = obj({ predictor: predictorSchema }, { required: ['predictor'] });

const specFields = {
  predictor: predictorSchema,
  transformer: transformerSchema,
  explainer: explainerSchema,
  // Both spellings are in the wild, a list and an object; which one it is decides src/api, not the CRD.
  canary: { 'x-kubernetes-preserve-unknown-fields': true } as StructuralSchema,
  canaryTrafficPercent: percent,
  shadow: bool(),
} satisfies Schemas<InferenceServiceSpec>;

/** Schema of `spec` with every pod part spelled out. */
export const inferenceServiceSpecSchema = obj(specFields, { required: ['predictor'] });
/** Schema of `status`: other controllers' fields survive. */
export const inferenceServiceStatusSchema = anyObj();
