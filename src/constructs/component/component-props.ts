import type { ComponentExtension, LoggerSpec, PodFields, StringMap } from '../../api';
import { misuse } from '../check';
import type { Credentials } from '../credentials';
import type { Scale } from '../scale';

/** What predictor, transformer and explainer have in common. Field names are KServe's. */
export interface ComponentProps extends ComponentExtension {
  /**
   * Replicas that always run. 0 scales to zero, in serverless mode or with KEDA.
   *
   * @default 1
   */
  readonly minReplicas?: number;
  /**
   * Replicas that run at most.
   *
   * @default - as many as minReplicas (raw), without a limit (serverless)
   */
  readonly maxReplicas?: number;
  /**
   * What the component is scaled on, instead of `scaleMetric`, `scaleTarget` and `autoScaling`.
   *
   * @default - cpu at 80 per cent (raw), requests in flight (serverless)
   */
  readonly scale?: Scale;
  /**
   * Requests that one replica takes at a time; more wait.
   *
   * @default - no limit
   */
  readonly containerConcurrency?: number;
  /**
   * Seconds that one request may take.
   *
   * @default - the platform's
   */
  readonly timeout?: number;
  /**
   * Sends copies of requests and answers somewhere.
   *
   * @default - nothing is logged
   */
  readonly logger?: LoggerSpec;
  /**
   * Joins requests that arrive within a short time into one, before the model server sees them.
   *
   * @default - no batching
   */
  readonly batcher?: { readonly maxBatchSize?: number; readonly maxLatency?: number; readonly timeout?: number };
  /**
   * Labels of the pods.
   *
   * @default - those of the service
   */
  readonly labels?: StringMap;
  /**
   * Annotations of the pods and of the objects around them.
   *
   * @default - those of the service
   */
  readonly annotations?: StringMap;
  /**
   * `strategy` of the Deployment. Raw mode only.
   *
   * @default - the platform's
   */
  readonly deploymentStrategy?: Readonly<Record<string, unknown>>;
  /**
   * How the component gets at storage that asks who is there.
   *
   * @default - the namespace's default service account
   */
  readonly credentials?: Credentials;
  /**
   * Fields of the pod, such as `nodeSelector`, `tolerations`, `serviceAccountName`.
   *
   * @default - what the runtime sets
   */
  readonly pod?: PodFields;
}

const EXTENSION_FIELDS: readonly string[] = [
  'minReplicas', 'maxReplicas', 'scaleTarget', 'scaleMetric', 'scaleMetricType', 'autoScaling', 'containerConcurrency', 'timeout', 'canaryTrafficPercent', 'logger', 'batcher',
  'labels', 'annotations', 'deploymentStrategy',
] satisfies readonly (keyof ComponentExtension)[];

/** A component's properties, sorted by where KServe's API has them. */
export interface ComponentParts {
  readonly extension: ComponentExtension;
  readonly pod: PodFields;
  /** What is left: fields of the model or the container. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** Where and for whom the properties are read. */
export interface ComponentContext {
  /** Path of the construct and the component, for messages. */
  readonly path: string;
  /** Name of the account that the component's credentials stand for. */
  readonly serviceAccountName?: string | undefined;
}

export function componentParts(props: ComponentProps, { path, serviceAccountName }: ComponentContext): ComponentParts {
  const { scale, pod, credentials: _bound, ...rest } = props;
  if (scale && (rest.scaleMetric !== undefined || rest.scaleTarget !== undefined || rest.autoScaling !== undefined)) {
    throw misuse(path, 'scale and scaleMetric, scaleTarget or autoScaling say the same thing', 'keep scale');
  }
  if (serviceAccountName !== undefined && pod?.serviceAccountName !== undefined && pod.serviceAccountName !== serviceAccountName) {
    throw misuse(path, `pod.serviceAccountName is "${pod.serviceAccountName}", while credentials bring account "${serviceAccountName}"`, 'keep one of them; Credentials.serviceAccount names an existing account');
  }
  const extension: Record<string, unknown> = {};
  const own: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(rest)) {
    if (value !== undefined) (EXTENSION_FIELDS.includes(field) ? extension : own)[field] = value;
  }
  const annotations = { ...scale?.fields.annotations, ...rest.annotations };
  return {
    extension: { ...extension, ...scale?.fields, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    pod: { ...pod, ...(serviceAccountName === undefined ? {} : { serviceAccountName }) },
    own,
  };
}
