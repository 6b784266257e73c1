import { INFERENCE_SERVICE_API, SERVING_RUNTIME_API, type KubeObject } from 'cdk8s-kserve/api';

/** Runtimes are the platform's; with its own, both controllers build on the same. */
export const RUNTIME: KubeObject = {
  apiVersion: SERVING_RUNTIME_API, kind: 'ClusterServingRuntime', metadata: { name: 'team-server' },
  spec: {
    annotations: { 'prometheus.kserve.io/port': '8080', 'prometheus.kserve.io/path': '/metrics' },
    supportedModelFormats: [{ name: 'team', version: '1', autoSelect: true, priority: 1 }],
    protocolVersions: ['v1', 'v2'],
    containers: [{
      name: 'kserve-container', image: 'team/server:1', args: ['--model_name={{.Name}}', '--model_dir=/mnt/models'],
      resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '1', memory: '2Gi' } },
    }],
  },
};

const model = (more: object = {}): object => ({ modelFormat: { name: 'team' }, ...more });
const container = { name: 'kserve-container', image: 'team/custom:1' };
const custom = (more: object = {}): object => ({ containers: [{ ...container, ...more }] });

/** Nothing is fetched and nothing logged: what runs is the template itself. By the name of the service. */
export const KEEP_THEIR_PODS: Readonly<Record<string, object>> = {
  custom: { predictor: custom({ ports: [{ containerPort: 9000, protocol: 'TCP' }] }) },
  scaled: { predictor: { minReplicas: 2, maxReplicas: 4, scaleMetric: 'cpu', scaleTarget: 60, ...custom() } },
  fixed: { predictor: custom({ args: ['--workers=2'], env: [{ name: 'LEVEL', value: 'debug' }], resources: { requests: { cpu: '2', memory: '4Gi' }, limits: { cpu: '2', memory: '4Gi' } } }) },
  placed: {
    predictor: { nodeSelector: { pool: 'models' }, tolerations: [{ key: 'models', operator: 'Exists', effect: 'NoSchedule' }], serviceAccountName: 'models', timeout: 120, labels: { team: 'a' }, annotations: { note: 'b' }, ...custom() },
  },
  probed: { predictor: custom({ readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 }, livenessProbe: { httpGet: { path: '/live', port: 8080 } } }) },
  transformed: { predictor: custom(), transformer: custom({ image: 'team/transformer:1' }) },
};

/** KServe adds what fetches, pulls and logs to the pods in a webhook, we to their template. */
export const RESTART: Readonly<Record<string, object>> = {
  fetched: { predictor: { model: model({ storageUri: 's3://models/iris' }) } },
  claimed: { predictor: { model: model({ storageUri: 'pvc://models/iris', protocolVersion: 'v2', runtime: 'team-server' }) } },
  logged: { predictor: { logger: { mode: 'all', url: 'http://events.example.com' }, ...custom() } },
  several: { predictor: { model: model() } },
};

export const ALL = { ...KEEP_THEIR_PODS, ...RESTART };

export function services(namespace: string): readonly KubeObject[] {
  return Object.entries(ALL).map(([name, spec]) => ({
    apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService',
    metadata: { name, namespace, annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
    spec,
  }));
}
