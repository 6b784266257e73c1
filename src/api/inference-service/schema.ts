import { containerFields, containersSchema, podFields } from '../k8s/pod-schema';
import { anyObj, bool, int, intOrString, listOf, obj, str, stringMap } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import {
  PROTOCOL_VERSIONS, SCALE_METRICS, SHORTHAND_FORMATS, type ComponentExtension, type ExplainerSpec, type InferenceServiceSpec,
  type ModelSpec, type PredictorExtension, type PredictorSpec, type TransformerSpec,
} from './types';

type Schemas<T> = Record<keyof T, StructuralSchema>;

const percent = int({ minimum: 0, maximum: 100 });

const componentFields = {
  minReplicas: int({ minimum: 0, description: 'Smallest number of replicas; 0 allows scale to zero where the mode has it.' }),
  maxReplicas: int({ minimum: 0, description: 'Largest number of replicas; 0 is the same as unset.' }),
  scaleTarget: int({ minimum: 1, description: 'Target of scaleMetric: per cent of the request (cpu, memory), requests in flight or per second.' }),
  scaleMetric: str({ enum: SCALE_METRICS, description: 'What scaling follows.' }),
  scaleMetricType: str({ enum: ['Utilization', 'Value', 'AverageValue'] }),
  autoScaling: obj({
    metrics: listOf(
      obj(
        {
          type: str({ enum: ['Resource', 'External', 'PodMetric'] }),
          resource: obj({
            name: str(),
            target: obj({ type: str(), averageUtilization: int(), averageValue: intOrString(), value: intOrString() }),
          }),
          external: anyObj(),
          podmetric: anyObj(),
        },
        { required: ['type'] },
      ),
    ),
    behavior: anyObj(),
  }),
  containerConcurrency: int({ minimum: 0, description: 'Requests that one replica takes at a time; 0 is no limit.' }),
  timeout: int({ minimum: 1, description: 'Seconds that a request may take.' }),
  canaryTrafficPercent: percent,
  logger: anyObj(),
  batcher: obj({ maxBatchSize: int({ minimum: 1 }), maxLatency: int({ minimum: 0 }), timeout: int() }),
  labels: stringMap(),
  annotations: stringMap(),
  deploymentStrategy: anyObj(),
} satisfies Schemas<ComponentExtension>;

const extensionFields = {
  ...containerFields,
  storageUri: str({ minLength: 1, description: 'Where the model lies: scheme://..., fetched into /mnt/models before the server starts.' }),
  storage: obj({ path: str(), schemaPath: str(), parameters: stringMap(), key: str() }),
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

const predictorFields = {
  ...podFields,
  ...componentFields,
  ...(Object.fromEntries(SHORTHAND_FORMATS.map((f) => [f, obj(extensionFields)])) as Record<(typeof SHORTHAND_FORMATS)[number], StructuralSchema>),
  name: str({ pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 }),
  model: obj(modelFields, { required: ['modelFormat'] }),
  containers: containersSchema,
  storageUris,
  storageContainerName: str(),
  workerSpec: anyObj(),
} satisfies Schemas<PredictorSpec>;

const predictorSchema = obj(predictorFields);

const specFields = {
  predictor: predictorSchema,
  transformer: obj({ ...podFields, ...componentFields, containers: containersSchema, storageUris } satisfies Schemas<TransformerSpec>),
  explainer: obj({ ...podFields, ...componentFields, containers: containersSchema, storageUris, art: anyObj() } satisfies Schemas<ExplainerSpec>),
  // Both spellings are in the wild, a list and an object; which one it is decides src/api, not the CRD.
  canary: { 'x-kubernetes-preserve-unknown-fields': true } as StructuralSchema,
  canaryTrafficPercent: percent,
  shadow: bool(),
} satisfies Schemas<InferenceServiceSpec>;

/** Schema of `spec` with every pod part spelled out. */
export const inferenceServiceSpecSchema = obj(specFields, { required: ['predictor'] });
/** Schema of `status`: other controllers' fields survive. */
export const inferenceServiceStatusSchema = anyObj();
