import { connect } from 'node:net';
import { request } from 'node:http';
import type { Container, KubeObject } from 'cdk8s-kserve/api';
import { startMachinery, type Machinery, type MachineryOptions } from '../../src/cluster/start-machinery';
import { Teardown } from '../../src/cluster/teardown';
import { MemoryKubeApi } from './memory-kube-api';
import { HTTP_SERVER, SCRIPT_IMAGE, scriptContainer } from './pods';
import { until } from '../../../../test/support/until';

export interface TestCluster extends Machinery {
  readonly api: MemoryKubeApi;
  get(apiVersion: string, kind: string, name: string): Promise<KubeObject | undefined>;
  list(kind: string): Promise<readonly KubeObject[]>;
  stop(): Promise<void>;
}

/** Kubelet, controllers and gateway over an API in memory. */
export async function startTestCluster(options: MachineryOptions = {}): Promise<TestCluster> {
  const api = new MemoryKubeApi();
  const teardown = new Teardown();
  const machinery = await startMachinery(api, { images: [SCRIPT_IMAGE], stopGraceMs: 300, restartBackoff: { baseMs: 20, maxMs: 100 }, ...options }, teardown);
  return {
    ...machinery,
    api,
    get: (apiVersion, kind, name) => api.get({ apiVersion, kind, name, namespace: 'default' }),
    list: async (kind) => (await api.list({ apiVersion: ['Pod', 'Event'].includes(kind) ? 'v1' : 'apps/v1', kind, plural: '', namespaced: true })).items,
    stop: () => teardown.run(),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Parsed where it is JSON. */
  readonly body: { readonly name?: string; readonly [field: string]: unknown };
}

/** One request through the gateway by host name. */
export function ask(port: number, host: string, path = '/', options: { readonly method?: string; readonly body?: string; readonly headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers: { host, ...options.headers }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : { text } });
      });
    });
    sent.once('error', reject);
    sent.end(options.body);
  });
}

/** An HTTP server that answers with its name and what it was sent. */
export function serverContainer(name: string, env: Record<string, string> = {}): Container {
  const variables = Object.entries({ NAME: name, ...env }).map(([key, value]) => ({ name: key, value }));
  return scriptContainer(HTTP_SERVER, { args: ['--http_port=8080'], ports: [{ containerPort: 8080, name: 'http' }], env: variables, readinessProbe: { httpGet: { path: '/', port: 8080 } } });
}

export function deployment(name: string, container: Container, fields: Record<string, unknown> = {}): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 5, containers: [container] } }, ...fields },
  };
}

export function service(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] } };
}

export function httpRoute(name: string, host: string, rules: readonly object[]): KubeObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: 'default' },
    spec: { hostnames: [host], parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'kserve-ingress-gateway', namespace: 'kserve' }], rules },
  };
}

export async function untilAvailable(cluster: TestCluster, name: string, replicas = 1): Promise<KubeObject> {
  return until(`deployment ${name} has ${replicas} available`, async () => {
    const live = await cluster.get('apps/v1', 'Deployment', name);
    const status = live?.['status'] as { readonly availableReplicas?: number; readonly observedGeneration?: number } | undefined;
    return status?.availableReplicas === replicas && status.observedGeneration === live?.metadata.generation ? live : undefined;
  });
}

export function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() && true));
    socket.once('error', () => resolve(false));
  });
}
