import type { KubeObject } from 'cdk8s-kserve/api';
import { startNode, type LocalNode } from '../../src/cluster/start-node';
import { PORTS_ANNOTATION } from '../../src/kubelet/ports';
import { serverContainer, service } from '../support/machinery';
import { MemoryKubeApi } from '../support/memory-kube-api';
import { pod, SCRIPT_IMAGE } from '../support/pods';
import { until } from '../../../../test/support/until';

const ADDRESS = '192.0.2.7';
let api: MemoryKubeApi;
let node: LocalNode;

beforeEach(async () => {
  api = new MemoryKubeApi();
  node = await startNode({ api, images: [SCRIPT_IMAGE], address: ADDRESS, stopGraceMs: 300 });
});
afterEach(() => node.stop());

/** Bound already: the API in memory has no Binding. */
async function serveOnePod(): Promise<void> {
  await api.create(service('web'));
  await api.create(pod('web-1', { nodeName: 'local', containers: [serverContainer('web')] }, { labels: { app: 'web' } }));
  await until('the pod is ready', async () => (await conditions()).some((c) => (c as { ready: boolean }).ready));
}

async function slices(): Promise<readonly KubeObject[]> {
  return (await api.list({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', plural: 'endpointslices', namespaced: true })).items;
}

async function conditions(): Promise<readonly unknown[]> {
  return (await slices()).flatMap((slice) => (slice['endpoints'] as { readonly conditions: unknown }[]).map((e) => e.conditions));
}

test('with an address, EndpointSlices lead to the ports at which pods really listen', async () => {
  await serveOnePod();
  const live = await api.get({ apiVersion: 'v1', kind: 'Pod', name: 'web-1', namespace: 'default' });
  expect(live?.['status']).toMatchObject({ podIP: ADDRESS, hostIP: ADDRESS });
  const ports = JSON.parse(live?.metadata.annotations?.[PORTS_ANNOTATION] ?? '{}') as Record<string, number>;
  expect(await slices()).toMatchObject([{
    metadata: { labels: { 'kubernetes.io/service-name': 'web' }, ownerReferences: [{ kind: 'Service', name: 'web', controller: true }] },
    addressType: 'IPv4',
    endpoints: [{ addresses: [ADDRESS], conditions: { ready: true, serving: true, terminating: false }, targetRef: { kind: 'Pod', name: 'web-1' } }],
    ports: [{ name: 'http', port: ports['8080'], protocol: 'TCP' }],
  }]);
});

test('a pod on its way out is no longer ready, and leaves with its end', async () => {
  await serveOnePod();
  const seen: unknown[] = [];
  await api.delete({ apiVersion: 'v1', kind: 'Pod', name: 'web-1', namespace: 'default' });
  await until('its slice is gone', async () => {
    seen.push(...(await conditions()));
    return (await conditions()).length === 0;
  });
  expect(await slices()).toMatchObject([{ metadata: { name: 'web-none' }, endpoints: [], ports: [] }]);
  expect(seen).toContainEqual({ ready: false, serving: true, terminating: true });
});
