import { workerSpecSchema } from '../inference-service/schema';
import { PROTOCOL_VERSIONS } from '../inference-service/types';
import { containersSchema, podFields } from '../k8s/pod-schema';
import { anyObj, bool, int, listOf, obj, str, stringMap } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import type { ServingRuntimeSpec } from './types';

const { volumes, nodeSelector, affinity, tolerations, imagePullSecrets, hostIPC, schedulerName, resourceClaims } = podFields;

/** Schema of the spec that ServingRuntime and ClusterServingRuntime share. */
export const servingRuntimeSpecSchema = obj(
  {
    containers: containersSchema,
    supportedModelFormats: listOf(
      obj({ name: str({ minLength: 1 }), version: str(), autoSelect: bool(), priority: int({ minimum: 1 }) }, { required: ['name'] }),
    ),
    protocolVersions: listOf(str({ enum: PROTOCOL_VERSIONS })),
    multiModel: bool(),
    disabled: bool(),
    labels: stringMap(),
    annotations: stringMap(),
    workerSpec: workerSpecSchema,
    volumes, nodeSelector, affinity, tolerations, imagePullSecrets, hostIPC, schedulerName, resourceClaims,
    grpcEndpoint: str(),
    grpcDataEndpoint: str(),
    httpDataEndpoint: str(),
    replicas: int({ minimum: 0 }),
    storageHelper: anyObj(),
    builtInAdapter: anyObj(),
  } satisfies Record<keyof ServingRuntimeSpec, StructuralSchema>,
  { required: ['containers'] },
);
