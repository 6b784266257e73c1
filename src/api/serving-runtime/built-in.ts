import { ANNOTATION, CONTAINER, SERVER_PORT } from '../keys';
import { RUNTIME_IMAGE } from './image';
import type { ServingRuntime } from './types';

/**
 * The ClusterServingRuntimes that this project ships. Names are KServe's, so that manifests which name a runtime keep
 * working; a cluster that already has one of that name keeps its own.
 */
export const BUILT_IN_RUNTIMES: readonly ServingRuntime[] = [
  {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterServingRuntime',
    metadata: { name: 'kserve-sklearnserver', annotations: { [ANNOTATION.serverType]: 'sklearnserver' } },
    spec: {
      annotations: { 'prometheus.kserve.io/port': String(SERVER_PORT), 'prometheus.kserve.io/path': '/metrics' },
      supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 1 }],
      protocolVersions: ['v1', 'v2'],
      containers: [
        {
          name: CONTAINER.server,
          image: RUNTIME_IMAGE,
          args: ['--model_name={{.Name}}', '--model_dir=/mnt/models', `--http_port=${SERVER_PORT}`],
          readinessProbe: { httpGet: { path: '/v1/models/{{.Name}}', port: SERVER_PORT }, periodSeconds: 5, failureThreshold: 3 },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, runAsNonRoot: true },
          resources: { limits: { cpu: '1', memory: '2Gi' }, requests: { cpu: '1', memory: '2Gi' } },
        },
      ],
    },
  },
];
