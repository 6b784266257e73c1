import { ANNOTATION, CONTAINER, SERVER_PORT } from '../../keys';
import type { Container, ResourceRequirements } from '../../k8s/pod';
import type { ServingRuntime, ServingRuntimeSpec } from '../types';

/** Tag of the images of KServe's own servers. */
export const KSERVE_TAG = 'v0.20.0';

/** What servers may do whose images do not say which user they run as. */
export const UNPRIVILEGED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false } as const;
/** What the servers of the other built-in runtimes may do. */
export const RESTRICTED = { ...UNPRIVILEGED, runAsNonRoot: true } as const;
export const SMALL: ResourceRequirements = { limits: { cpu: '1', memory: '2Gi' }, requests: { cpu: '1', memory: '2Gi' } };
/** Arguments that KServe's Python servers and ours understand alike. */
export const SERVER_ARGS: readonly string[] = ['--model_name={{.Name}}', '--model_dir=/mnt/models', `--http_port=${SERVER_PORT}`];

export interface ClusterRuntime extends Omit<ServingRuntimeSpec, 'containers'> {
  readonly name: string;
  readonly serverType: string;
  readonly server: Omit<Container, 'name'>;
  /** Port of the Prometheus metrics. @default 8080 */
  readonly metricsPort?: number;
}

/** A ClusterServingRuntime with one server container. */
export function clusterRuntime({ name, serverType, server, metricsPort = SERVER_PORT, ...spec }: ClusterRuntime): ServingRuntime {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterServingRuntime',
    metadata: { name, annotations: { [ANNOTATION.serverType]: serverType } },
    spec: {
      annotations: { [ANNOTATION.metricsPort]: String(metricsPort), [ANNOTATION.metricsPath]: '/metrics' },
      ...spec,
      containers: [{ name: CONTAINER.server, securityContext: RESTRICTED, resources: SMALL, ...server }],
    },
  };
}
