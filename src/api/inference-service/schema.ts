import { containerFields, containersSchema, podFields } from '../k8s/pod-schema';
import { statusSchema } from '../k8s/status-schema';
import { anyObj, bool, described, int, listOf, obj, str, stringMap } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import { componentFields, percent, storageFields } from './component-schema';
import {
  ART_TYPES, PROTOCOL_VERSIONS, SHORTHAND_FORMATS, type ArtExplainerSpec, type CanarySpec, type ExplainerSpec, type InferenceServiceSpec,
  type ModelSpec, type PredictorExtension, type PredictorSpec, type TransformerSpec, type WorkerSpec,
} from './types';

type Schemas<T> = Record<keyof T, StructuralSchema>;

const modelStorage = obj(storageFields, { description: 'Where the model lies: a path in a storage that the secret storage-config knows.' });
const storageUri = str({ minLength: 1, description: 'Where the model lies: scheme://..., fetched into /mnt/models before the server starts.' });
const runtimeVersion = str({ description: 'Replaces the tag of the runtime image.' });

const extensionFields = {
  ...containerFields,
  storageUri,
  storage: modelStorage,
  runtimeVersion,
  protocolVersion: str({ enum: PROTOCOL_VERSIONS, description: 'Protocol that clients speak; the runtime must know it.' }),
  confidential: obj(
    { enabled: bool({ description: 'Whether the model is encrypted.' }), resourceId: str({ description: 'Name of the key that decrypts it.' }) },
    { description: 'A model that is decrypted on its way into the pod.' },
  ),
} satisfies Schemas<PredictorExtension>;

const modelFields = {
  ...extensionFields,
  modelFormat: obj(
    { name: str({ minLength: 1, description: 'Name of the format, such as sklearn or onnx.' }), version: str({ description: 'Version of the format; any when absent.' }) },
    { required: ['name'], description: 'What the model is; decides which runtime serves it.' },
  ),
  runtime: str({ description: 'Name of a ServingRuntime or ClusterServingRuntime; chosen by format when absent.' }),
} satisfies Schemas<ModelSpec>;

const storageUris = listOf(
  obj(
    {
      uri: str({ minLength: 1, description: 'Where the files lie: scheme://...' }),
      mountPath: str({ pattern: '^/.*', maxLength: 255, description: 'Folder that they are put into; /mnt/models when absent.' }),
    },
    { required: ['uri'] },
  ),
  { description: 'Several addresses that are fetched, each into a folder of its own.' },
);

/** Worker nodes, of a predictor and of a runtime. */
export const workerSpecSchema = obj(
  {
    ...podFields,
    containers: described('Containers of each worker pod; worker-container is the server.', containersSchema),
    pipelineParallelSize: int({ minimum: 1, description: 'Nodes that the layers of the model are cut over.' }),
    tensorParallelSize: int({ minimum: 1, description: 'Accelerators that each layer is cut over.' }),
  } satisfies Schemas<WorkerSpec>,
  { description: 'Further nodes of a model that does not fit into one.' },
);

const artFields = {
  ...containerFields,
  type: str({ enum: ART_TYPES, description: 'Method that explains.' }),
  storageUri,
  runtimeVersion,
  config: stringMap({ description: 'Settings of the method.' }),
  storage: described('Read by nobody; use storageUri.', modelStorage),
} satisfies Schemas<ArtExplainerSpec>;

const shorthand = (format: string): StructuralSchema => obj(extensionFields, { description: `A model of format ${format}: an older spelling of model.` });

const predictorFields = {
  ...podFields,
  ...componentFields,
  ...(Object.fromEntries(SHORTHAND_FORMATS.map((format) => [format, shorthand(format)])) as Record<(typeof SHORTHAND_FORMATS)[number], StructuralSchema>),
  name: str({ pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', maxLength: 63, description: 'Name of the version, which becomes part of the names of its objects.' }),
  model: obj(modelFields, { required: ['modelFormat'], description: 'The model and its format; the server is a runtime that knows the format.' }),
  containers: described('Containers of the pod: a server of your own, called kserve-container, or others beside the server of model.', containersSchema),
  storageUris,
  storageContainerName: str({ description: 'Name of the ClusterStorageContainer that fetches; chosen by address when absent.' }),
  workerSpec: workerSpecSchema,
} satisfies Schemas<PredictorSpec>;

export const predictorSchema = obj(predictorFields, { description: 'Serves the model.' });

const ownContainers = described('Containers of the pod; the first is the server.', containersSchema);

const transformerSchema = obj(
  { ...podFields, ...componentFields, containers: ownContainers, storageUris } satisfies Schemas<TransformerSpec>,
  { description: 'Stands before the predictor: changes requests on their way in and answers on their way out.' },
);
const explainerSchema = obj(
  {
    ...podFields, ...componentFields, containers: ownContainers, storageUris,
    art: obj(artFields, { required: ['type'], description: 'Explainer of the Adversarial Robustness Toolbox.' }),
  } satisfies Schemas<ExplainerSpec>,
  { description: 'Answers :explain requests beside the predictor.' },
);

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
  canary: described(
    'Raw mode: versions beside the stable one, a list of { predictor, trafficPercent }, where predictor is what differs and has a name. The older form is one { predictor }, with canaryTrafficPercent beside canary.',
    { 'x-kubernetes-preserve-unknown-fields': true },
  ),
  canaryTrafficPercent: described('Per cent of the requests for the older form of canary.', percent),
  shadow: bool({ description: 'Canaries are sent copies of requests, whose answers nobody sees.' }),
} satisfies Schemas<InferenceServiceSpec>;

/** Schema of `spec` with every pod part spelled out. */
export const inferenceServiceSpecSchema = obj(specFields, { required: ['predictor'], description: 'A model behind an endpoint.' });
/** Schema of `status`: other controllers' fields survive. */
export const inferenceServiceStatusSchema = statusSchema({
  components: anyObj({ description: 'What became of predictor, transformer and explainer: addresses and, in serverless mode, revisions with their traffic.' }),
  modelStatus: anyObj({ description: 'Whether the model is loaded and, when it is not, the last failure.' }),
  canaryStatuses: listOf(anyObj({
    properties: {
      name: str({ description: 'Name of the version.' }),
      ready: bool({ description: 'Whether it answers; without an answer it gets no traffic.' }),
      trafficPercent: int({ description: 'Per cent of the requests that it is given now.' }),
    },
  }), { description: 'Versions beside the stable one, in raw mode.' }),
  deploymentMode: str({ description: 'Mode that the service runs in.' }),
  servingRuntimeName: str({ description: 'ServingRuntime that serves the model.' }),
  clusterServingRuntimeName: str({ description: 'ClusterServingRuntime that serves the model.' }),
});
