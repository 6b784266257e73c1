import type { ScaleMetric } from '../inference-service/types';
import type { Condition, KubeObject } from '../k8s/object';
import type { PodFields, ResourceRequirements } from '../k8s/pod';

/** InferenceGraph, `serving.kserve.io/v1alpha1`: several services behind one router. */
export interface InferenceGraph extends KubeObject {
  readonly apiVersion: 'serving.kserve.io/v1alpha1';
  readonly kind: 'InferenceGraph';
  readonly spec: InferenceGraphSpec;
  readonly status?: InferenceGraphStatus;
}

export interface InferenceGraphSpec extends Pick<PodFields, 'affinity' | 'tolerations' | 'nodeSelector' | 'nodeName' | 'serviceAccountName'> {
  /** Requests enter at `root`. */
  readonly nodes: Readonly<Record<string, GraphNode>>;
  readonly resources?: ResourceRequirements;
  /** Seconds a request may take in serverless mode. */
  readonly timeout?: number;
  readonly routerTimeouts?: RouterTimeouts;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly scaleTarget?: number;
  readonly scaleMetric?: ScaleMetric;
}

export const ROUTER_TYPES = ['Sequence', 'Splitter', 'Ensemble', 'Switch'] as const;
export type RouterType = (typeof ROUTER_TYPES)[number];

export interface GraphNode {
  readonly routerType: RouterType;
  readonly steps?: readonly GraphStep[];
}

/** One call of a node: to another node, to a service of the namespace, or to any address. */
export interface GraphStep {
  readonly name?: string;
  readonly nodeName?: string;
  readonly serviceName?: string;
  readonly serviceUrl?: string;
  /** What a Sequence passes on: `$request` or `$response`. @default '$request' */
  readonly data?: string;
  /** Per cent of a Splitter's requests. */
  readonly weight?: number;
  /** GJSON path that must exist for the step to be taken. */
  readonly condition?: string;
  readonly dependency?: 'Soft' | 'Hard';
  readonly mapPredictionsToInstances?: boolean;
}

/** Seconds. */
export interface RouterTimeouts {
  readonly serverRead?: number;
  readonly serverWrite?: number;
  readonly serverIdle?: number;
  readonly serviceClient?: number;
}

export interface InferenceGraphStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly url?: string;
  readonly deploymentMode?: string;
}
