import type { ProtocolVersion, WorkerSpec } from '../inference-service/types';
import type { KubeObject } from '../k8s/object';
import type { Container, PodFields, StringMap } from '../k8s/pod';

/** ServingRuntime (namespaced) and ClusterServingRuntime, `serving.kserve.io/v1alpha1`. */
export interface ServingRuntime extends KubeObject {
  readonly apiVersion: 'serving.kserve.io/v1alpha1';
  readonly kind: 'ServingRuntime' | 'ClusterServingRuntime';
  readonly spec: ServingRuntimeSpec;
}

/** The pod fields that a runtime may set; KServe merges exactly these (hostIPC is accepted and ignored). */
export type RuntimePodFields = Pick<
  PodFields,
  'volumes' | 'nodeSelector' | 'affinity' | 'tolerations' | 'imagePullSecrets' | 'hostIPC' | 'schedulerName' | 'resourceClaims'
>;

export interface ServingRuntimeSpec extends RuntimePodFields {
  readonly containers: readonly Container[];
  readonly supportedModelFormats?: readonly SupportedModelFormat[];
  readonly protocolVersions?: readonly ProtocolVersion[];
  readonly multiModel?: boolean;
  readonly disabled?: boolean;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly workerSpec?: WorkerSpec;
  // Read by ModelMesh only; accepted so that its manifests pass.
  readonly grpcEndpoint?: string;
  readonly grpcDataEndpoint?: string;
  readonly httpDataEndpoint?: string;
  readonly replicas?: number;
  readonly storageHelper?: Readonly<Record<string, unknown>>;
  readonly builtInAdapter?: Readonly<Record<string, unknown>>;
}

export interface SupportedModelFormat {
  readonly name: string;
  readonly version?: string;
  /** May be chosen without being named. @default false */
  readonly autoSelect?: boolean;
  /** Higher wins among runtimes that support the same format. */
  readonly priority?: number;
}
