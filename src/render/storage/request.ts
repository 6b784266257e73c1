import type { PodSpec, StorageSpec, StorageUri, StringMap } from '../../api';
import type { Decision, World } from '../types';

/** Where a component's model lies, in any of the ways a spec can say it. */
export interface StorageRequest {
  /** Field path of the spec, for errors. */
  readonly path: string;
  readonly uri?: string | undefined;
  readonly uris?: readonly StorageUri[] | undefined;
  readonly spec?: StorageSpec | undefined;
  /** Name of the ClusterStorageContainer to fetch with. */
  readonly containerName?: string | undefined;
  readonly confidential?: { readonly enabled?: boolean; readonly resourceId?: string } | undefined;
}

export interface StorageContext {
  readonly namespace: string;
  /** Of the service and the component, the component's last. */
  readonly annotations: StringMap;
  readonly world: World;
}

export interface StoredPod {
  readonly pod: PodSpec;
  readonly decisions: readonly Decision[];
}
