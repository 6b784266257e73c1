import { inferenceGraphSpecSchema, inferenceGraphStatusSchema } from './inference-graph/schema';
import { inferenceServiceSpecSchema, inferenceServiceStatusSchema } from './inference-service/schema';
import { GROUP, INFERENCE_SERVICE_API, SERVING_RUNTIME_API } from './keys';
import { bool, obj, str } from './schema/build';
import type { StructuralSchema } from './schema/structural-schema';
import { servingRuntimeSpecSchema } from './serving-runtime/schema';
import { clusterStorageContainerSpecSchema } from './storage-container/schema';
import { trainedModelSpecSchema, trainedModelStatusSchema } from './trained-model/schema';

export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly jsonPath: string;
}

/** One kind that this project defines: what its CRD is made of and what manifests are checked against. */
export interface KindDefinition {
  readonly apiVersion: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly spec: StructuralSchema;
  readonly status?: StructuralSchema;
  /** Fields beside spec and status. */
  readonly beside?: Readonly<Record<string, StructuralSchema>>;
  readonly printerColumns: readonly PrinterColumn[];
}

const age: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const runtimeColumns: readonly PrinterColumn[] = [
  { name: 'Disabled', type: 'boolean', jsonPath: '.spec.disabled' },
  { name: 'ModelType', type: 'string', jsonPath: '.spec.supportedModelFormats[*].name' },
  { name: 'Containers', type: 'string', jsonPath: '.spec.containers[*].name' },
  age,
];

export const INFERENCE_SERVICE_KIND: KindDefinition = {
  ...apiParts(INFERENCE_SERVICE_API),
  kind: 'InferenceService',
  plural: 'inferenceservices',
  singular: 'inferenceservice',
  shortNames: ['isvc'],
  namespaced: true,
  spec: inferenceServiceSpecSchema,
  status: inferenceServiceStatusSchema,
  printerColumns: [
    { name: 'URL', type: 'string', jsonPath: '.status.url' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Prev', type: 'integer', jsonPath: '.status.components.predictor.traffic[?(@.tag=="prev")].percent' },
    { name: 'Latest', type: 'integer', jsonPath: '.status.components.predictor.traffic[?(@.latestRevision==true)].percent' },
    { name: 'PrevRolledoutRevision', type: 'string', jsonPath: '.status.components.predictor.traffic[?(@.tag=="prev")].revisionName' },
    { name: 'LatestReadyRevision', type: 'string', jsonPath: '.status.components.predictor.traffic[?(@.latestRevision==true)].revisionName' },
    age,
  ],
};

export const SERVING_RUNTIME_KIND: KindDefinition = {
  ...apiParts(SERVING_RUNTIME_API),
  kind: 'ServingRuntime',
  plural: 'servingruntimes',
  singular: 'servingruntime',
  shortNames: [],
  namespaced: true,
  spec: servingRuntimeSpecSchema,
  printerColumns: runtimeColumns,
};

export const CLUSTER_SERVING_RUNTIME_KIND: KindDefinition = {
  ...SERVING_RUNTIME_KIND,
  kind: 'ClusterServingRuntime',
  plural: 'clusterservingruntimes',
  singular: 'clusterservingruntime',
  namespaced: false,
};

export const INFERENCE_GRAPH_KIND: KindDefinition = {
  ...apiParts(SERVING_RUNTIME_API),
  kind: 'InferenceGraph',
  plural: 'inferencegraphs',
  singular: 'inferencegraph',
  shortNames: ['ig'],
  namespaced: true,
  spec: inferenceGraphSpecSchema,
  status: inferenceGraphStatusSchema,
  printerColumns: [
    { name: 'URL', type: 'string', jsonPath: '.status.url' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    age,
  ],
};

export const CLUSTER_STORAGE_CONTAINER_KIND: KindDefinition = {
  ...apiParts(SERVING_RUNTIME_API),
  kind: 'ClusterStorageContainer',
  plural: 'clusterstoragecontainers',
  singular: 'clusterstoragecontainer',
  shortNames: [],
  namespaced: false,
  spec: clusterStorageContainerSpecSchema,
  beside: { disabled: bool({ description: 'Keeps the container from being used.' }) },
  printerColumns: [age],
};

export const TRAINED_MODEL_KIND: KindDefinition = {
  ...apiParts(SERVING_RUNTIME_API),
  kind: 'TrainedModel',
  plural: 'trainedmodels',
  singular: 'trainedmodel',
  shortNames: ['tm'],
  namespaced: true,
  spec: trainedModelSpecSchema,
  status: trainedModelStatusSchema,
  printerColumns: [
    { name: 'URL', type: 'string', jsonPath: '.status.url' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    age,
  ],
};

/** Every kind of this project, in the order in which their CRDs are written. */
export const KINDS: readonly KindDefinition[] = [
  INFERENCE_SERVICE_KIND, SERVING_RUNTIME_KIND, CLUSTER_SERVING_RUNTIME_KIND, CLUSTER_STORAGE_CONTAINER_KIND, INFERENCE_GRAPH_KIND, TRAINED_MODEL_KIND,
];

export function kindDefinition(apiVersion: string, kind: string): KindDefinition | undefined {
  return KINDS.find((k) => k.apiVersion === apiVersion && k.kind === kind);
}

/** Schema of a whole manifest: metadata is left to Kubernetes, status is not the user's to write. */
export function manifestSchema(definition: KindDefinition): StructuralSchema {
  return obj(
    {
      apiVersion: str(),
      kind: str(),
      metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      spec: definition.spec,
      ...definition.beside,
      ...(definition.status ? { status: definition.status } : {}),
    },
    { required: ['apiVersion', 'kind', 'metadata', 'spec'] },
  );
}

function apiParts(apiVersion: string): { readonly apiVersion: string; readonly group: string; readonly version: string } {
  return { apiVersion, group: GROUP, version: apiVersion.slice(GROUP.length + 1) };
}
