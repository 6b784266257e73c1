import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { startLocalCluster, type LocalCluster } from 'cdk8s-kserve-local';
import { ask, type Answer } from '../support/ask';
import { isAlive } from '../support/isvc-process';
import { until } from '../../support/until';

const MODELS = resolve(__dirname, '../../../examples/01-first-model/models');
const IMAGE = 'ghcr.io/cdk8s-kserve/runtime:latest';
const ROWS = { instances: [[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6]] };

let cluster: LocalCluster;
beforeAll(async () => {
  cluster = await startLocalCluster({ sourceMap: { 'pvc://iris-models': MODELS }, autoscaler: { tickMs: 50, windowMs: 500 } });
});
afterAll(() => cluster.stop());

const predict = (host: string): Promise<Answer> => ask(cluster.gatewayUrl, host, '/v1/models/iris:predict', ROWS);

/** Asks until the service is there: a host that nobody has yet is a 404, a pod that is not ready yet a 503. */
async function predictWhenReady(host: string): Promise<unknown> {
  let answer: Answer | undefined;
  await until(`an answer of ${host}`, async () => (answer = await predict(host)).status === 200);
  return JSON.parse(answer?.body ?? '');
}

const podFields = (mount: object, volumes: readonly object[], init: readonly object[] = []): object => ({
  terminationGracePeriodSeconds: 5,
  ...(init.length > 0 ? { initContainers: init } : {}),
  containers: [
    {
      name: 'kserve-container',
      image: IMAGE,
      args: ['serve', '--model_name=iris', '--model_dir=/mnt/models', '--http_port=8080'],
      ports: [{ containerPort: 8080, protocol: 'TCP' }],
      readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 10 },
      volumeMounts: [{ name: 'model', mountPath: '/mnt/models', ...mount }],
    },
  ],
  volumes,
});

const CLAIM = [{ name: 'model', persistentVolumeClaim: { claimName: 'iris-models' } }];

test('a Deployment behind an HTTPRoute predicts from a mounted claim', async () => {
  const labels = { app: 'isvc.iris-predictor' };
  const objects: readonly KubeObject[] = [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'iris-predictor' }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podFields({ subPath: 'svc', readOnly: true }, CLAIM) } } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'iris-predictor' }, spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] } },
    {
      apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'iris' },
      spec: {
        hostnames: ['iris-default.example.com'],
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'kserve', name: 'kserve-ingress-gateway' }],
        rules: [{ matches: [{ path: { type: 'RegularExpression', value: '^/.*$' } }], backendRefs: [{ kind: 'Service', name: 'iris-predictor', port: 80 }], timeouts: { request: '60s' } }],
      },
    },
  ];
  await cluster.apply(objects);
  expect(await predictWhenReady('iris-default.example.com')).toEqual({ predictions: [1, 1] });
});

test('a Knative Service predicts from a fetched model, goes to zero and comes back', async () => {
  const fetcher = { name: 'storage-initializer', image: IMAGE, args: [`file://${resolve(MODELS, 'svc')}`, '/mnt/models'], terminationMessagePolicy: 'FallbackToLogsOnError', volumeMounts: [{ name: 'model', mountPath: '/mnt/models' }] };
  const template = { metadata: { annotations: { 'autoscaling.knative.dev/min-scale': '0' } }, spec: podFields({ readOnly: true }, [{ name: 'model', emptyDir: {} }], [fetcher]) };
  await cluster.apply([{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'flower' }, spec: { template } }]);
  expect(await predictWhenReady('flower.default.example.com')).toEqual({ predictions: [1, 1] });
  const pods = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };
  await until('scale to zero', async () => (await cluster.api.list(pods, { labelSelector: 'serving.knative.dev/service=flower' })).items.length === 0);
  const { status, body } = await predict('flower.default.example.com');
  expect([status, JSON.parse(body)]).toEqual([200, { predictions: [1, 1] }]);
});

test('a model that is not there is told by the pod, in words', async () => {
  await cluster.apply([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'lost' }, spec: podFields({ subPath: 'svc' }, [{ name: 'model', emptyDir: {} }]) } as KubeObject]);
  let message: string | undefined;
  await until('a termination message', async () => {
    const pod = await cluster.api.get({ apiVersion: 'v1', kind: 'Pod', name: 'lost', namespace: 'default' });
    const status = pod?.['status'] as { readonly containerStatuses?: readonly { readonly lastState: { readonly terminated?: { readonly message?: string } } }[] } | undefined;
    message = status?.containerStatuses?.[0]?.lastState.terminated?.message;
    return message !== undefined;
  });
  expect(message).toContain('ISVC_MODEL_NOT_FOUND');
});

test('stop leaves no process and no folder', async () => {
  const { pids } = cluster;
  expect(pids.length).toBeGreaterThan(0);
  await cluster.stop();
  expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
  expect((await readdir(tmpdir())).filter((name) => name.startsWith(`isvc-local-${process.pid}-`))).toEqual([]);
});
