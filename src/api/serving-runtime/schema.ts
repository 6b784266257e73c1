import { workerSpecSchema } from '../inference-service/schema';
import { PROTOCOL_VERSIONS } from '../inference-service/types';
import { containersSchema, podFields } from '../k8s/pod-schema';
import { anyObj, bool, described, int, listOf, obj, str, stringMap } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import type { ServingRuntimeSpec } from './types';

const { volumes, nodeSelector, affinity, tolerations, imagePullSecrets, hostIPC, schedulerName, resourceClaims } = podFields;

const FOR_MODEL_MESH = { description: 'Read by ModelMesh only.' };

/** Schema of the spec that ServingRuntime and ClusterServingRuntime share. */
export const servingRuntimeSpecSchema = obj(
  {
    containers: described('Containers of the pods; kserve-container is the model server.', containersSchema),
    supportedModelFormats: listOf(
      obj(
        {
          name: str({ minLength: 1, description: 'Name of the format, such as sklearn or onnx.' }),
          version: str({ description: 'Version of the format; any when absent.' }),
          autoSelect: bool({ description: 'Whether the runtime may be chosen for the format without being named; false when absent.' }),
          priority: int({ minimum: 1, description: 'The highest wins among runtimes that know the same format.' }),
        },
        { required: ['name'] },
      ),
      { description: 'Formats that the server loads.' },
    ),
    protocolVersions: listOf(str({ enum: PROTOCOL_VERSIONS }), { description: 'Protocols that the server speaks.' }),
    multiModel: bool({ description: 'Whether the server loads several models, one TrainedModel each.' }),
    disabled: bool({ description: 'Keeps the runtime from being used.' }),
    labels: stringMap({ description: 'Labels of the pods.' }),
    annotations: stringMap({ description: 'Annotations of the pods.' }),
    workerSpec: workerSpecSchema,
    volumes, nodeSelector, affinity, tolerations, imagePullSecrets, hostIPC, schedulerName, resourceClaims,
    grpcEndpoint: str(FOR_MODEL_MESH),
    grpcDataEndpoint: str(FOR_MODEL_MESH),
    httpDataEndpoint: str(FOR_MODEL_MESH),
    replicas: int({ minimum: 0, ...FOR_MODEL_MESH }),
    storageHelper: anyObj(FOR_MODEL_MESH),
    builtInAdapter: anyObj(FOR_MODEL_MESH),
  } satisfies Record<keyof ServingRuntimeSpec, StructuralSchema>,
  { required: ['containers'], description: 'A model server, and the formats that it serves.' },
);
