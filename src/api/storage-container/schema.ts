import { containerFields } from '../k8s/pod-schema';
import { bool, listOf, obj, podPart, str } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import { STORAGE_WORKLOAD_TYPES, type ClusterStorageContainerSpec, type UriFormat } from './types';

/** Schema of a ClusterStorageContainer's spec. */
export const clusterStorageContainerSpecSchema = obj(
  {
    container: podPart(obj(containerFields)),
    supportedUriFormats: listOf(obj({ prefix: str(), regex: str() } satisfies Record<keyof UriFormat, StructuralSchema>)),
    workloadType: str({ enum: STORAGE_WORKLOAD_TYPES }),
    supportsMultiModelDownload: bool(),
  } satisfies Record<keyof ClusterStorageContainerSpec, StructuralSchema>,
  { required: ['container', 'supportedUriFormats'] },
);
