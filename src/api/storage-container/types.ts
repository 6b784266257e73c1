import type { KubeObject } from '../k8s/object';
import type { Container } from '../k8s/pod';

/** ClusterStorageContainer, `serving.kserve.io/v1alpha1`: an image that can fetch models from some addresses. */
export interface ClusterStorageContainer extends KubeObject {
  readonly apiVersion: 'serving.kserve.io/v1alpha1';
  readonly kind: 'ClusterStorageContainer';
  readonly spec: ClusterStorageContainerSpec;
  /** Stands beside spec, as in KServe. */
  readonly disabled?: boolean;
}

export const STORAGE_WORKLOAD_TYPES = ['initContainer', 'localModelDownloadJob'] as const;

export interface ClusterStorageContainerSpec {
  /** Laid over the fetcher that the platform would use. */
  readonly container: Container;
  readonly supportedUriFormats: readonly UriFormat[];
  /** @default 'initContainer' */
  readonly workloadType?: (typeof STORAGE_WORKLOAD_TYPES)[number];
  /** Takes several address and folder pairs in one run. @default false */
  readonly supportsMultiModelDownload?: boolean;
}

/** Addresses that start with the prefix or match the expression; the prefix counts where both are set. */
export interface UriFormat {
  readonly prefix?: string;
  readonly regex?: string;
}
