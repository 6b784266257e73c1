import type { PlatformConfigInput, ResourceRequirements, StringMap } from '../../api';

export interface ControllerProps {
  /**
   * Where the controller runs, and where `inferenceservice-config` and its lease are.
   *
   * @default 'kserve'
   */
  readonly namespace?: string;
  /**
   * Whether the namespace is written, too.
   *
   * @default true
   */
  readonly createNamespace?: boolean;
  /**
   * Look after these namespaces only, with a Role in each instead of a ClusterRole: a tenant's controller. It still reads
   * the cluster's runtimes and storage containers.
   *
   * @default - all namespaces
   */
  readonly namespaces?: readonly string[];
  /** @default - the image of this version */
  readonly image?: string;
  /** @default 'IfNotPresent' */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Names of pull secrets in the namespace. @default - none */
  readonly imagePullSecrets?: readonly string[];
  /**
   * One works, the others stand by.
   *
   * @default 2
   */
  readonly replicas?: number;
  /** @default - requests 50m and 128Mi, limits 1 and 512Mi */
  readonly resources?: ResourceRequirements;
  /** Services worked on at once. @default 8 */
  readonly concurrency?: number;
  /**
   * Whether the CRDs are written: once in a cluster, not by each tenant.
   *
   * @default - true for a controller of all namespaces
   */
  readonly crds?: boolean;
  /**
   * Whether the built-in ClusterServingRuntimes are written as objects. Without them the controller uses the ones it
   * carries; as objects they can be listed, edited and disabled.
   *
   * @default - true for a controller of all namespaces
   */
  readonly runtimes?: boolean;
  /**
   * Content of `inferenceservice-config`, under KServe's keys.
   *
   * @default - the configuration of the nearest `Platform`; no ConfigMap without one
   */
  readonly config?: PlatformConfigInput;
  /**
   * Labels that the Prometheus operator selects ServiceMonitors by; without it none is written.
   *
   * @default - no ServiceMonitor
   */
  readonly serviceMonitor?: { readonly labels?: StringMap };
  /** Only the metrics port can be reached from outside the pod. @default true */
  readonly networkPolicy?: boolean;
}
