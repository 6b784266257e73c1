import { containerFields } from '../k8s/pod-schema';
import { bool, listOf, obj, podPart, str } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import { STORAGE_WORKLOAD_TYPES, type ClusterStorageContainerSpec, type UriFormat } from './types';

/** Schema of a ClusterStorageContainer's spec. */
export const clusterStorageContainerSpecSchema = obj(
  {
    container: podPart(obj(containerFields, { description: 'Laid over the container that would fetch otherwise. As pod.spec.containers.' })),
    supportedUriFormats: listOf(
      obj({
        prefix: str({ description: 'What addresses start with.' }),
        regex: str({ description: 'What addresses match; counts where there is no prefix.' }),
      } satisfies Record<keyof UriFormat, StructuralSchema>),
      { description: 'Addresses that the container fetches from.' },
    ),
    workloadType: str({ enum: STORAGE_WORKLOAD_TYPES, description: 'Where the container runs: before the server in its pod (initContainer, when absent) or in a job.' }),
    supportsMultiModelDownload: bool({ description: 'Whether one run takes several pairs of address and folder.' }),
  } satisfies Record<keyof ClusterStorageContainerSpec, StructuralSchema>,
  { required: ['container', 'supportedUriFormats'], description: 'An image that fetches models from some addresses.' },
);
