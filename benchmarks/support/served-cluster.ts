import { startLocalCluster } from 'cdk8s-kserve-local';
import { join } from 'node:path';
import { REPOSITORY } from './program';

// A local cluster with one model server behind a route for host `localhost`; says the gateway's port once it answers.
const LABELS = { app: 'm' };
const CONTAINER = {
  name: 'server',
  image: 'cdk8s-kserve/runtime',
  args: ['serve', '--model_name=m', '--model_dir=/mnt/models'],
  ports: [{ containerPort: 8080 }],
  readinessProbe: { httpGet: { path: '/v2/health/ready', port: 8080 } },
  volumeMounts: [{ name: 'model', mountPath: '/mnt/models', subPath: 'svc' }],
};
const POD = { containers: [CONTAINER], volumes: [{ name: 'model', persistentVolumeClaim: { claimName: 'models' } }] };

async function main(): Promise<void> {
  const cluster = await startLocalCluster({ sourceMap: { 'pvc://models': join(REPOSITORY, 'examples/01-first-model/models') } });
  process.once('SIGTERM', () => void cluster.stop().then(() => process.exit(0)));
  await cluster.apply([
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'm' }, spec: { selector: { matchLabels: LABELS }, template: { metadata: { labels: LABELS }, spec: POD } } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'm' }, spec: { selector: LABELS, ports: [{ port: 80, targetPort: 8080 }] } },
    { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'm' }, spec: { hostnames: ['localhost'], rules: [{ backendRefs: [{ name: 'm', port: 80 }], timeouts: { request: '60s' } }] } },
  ]);
  const ready = async (): Promise<boolean> => (await fetch(`http://localhost:${cluster.gatewayPort}/v2/health/ready`)).ok;
  while (!(await ready())) await new Promise((again) => setTimeout(again, 20));
  process.stderr.write(`gateway on port ${cluster.gatewayPort}\n`);
}

void main();
