import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { conditionOf } from '../../src/reconciling/conditions';
import { startLocalCluster, type LocalCluster } from '../../src/cluster/start-local-cluster';
import { ask, canConnect, deployment, httpRoute, serverContainer, service } from '../support/machinery';
import { isAlive, SCRIPT_IMAGE, scriptContainer } from '../support/pods';
import { until } from '../../../../test/support/until';

let cluster: LocalCluster | undefined;
afterEach(() => cluster?.stop());

const folders = async (): Promise<readonly string[]> => (await readdir(tmpdir())).filter((name) => name.startsWith(`isvc-local-${process.pid}-`)).sort();
const ref = (apiVersion: string, kind: string, name: string) => ({ apiVersion, kind, name, namespace: 'default' });

test('objects that are applied are served, deleting them ends their processes', async () => {
  cluster = await startLocalCluster({ images: [SCRIPT_IMAGE] });
  const { api, gatewayPort } = cluster;
  await cluster.apply([deployment('web', serverContainer('web')), service('web'), httpRoute('web', 'web.example.com', [{ backendRefs: [{ name: 'web', port: 80 }] }])]);
  const answer = await until('an answer', async () => {
    const given = await ask(gatewayPort, 'web.example.com', '/v1');
    return given.status === 200 ? given : undefined;
  });
  expect(answer.body).toMatchObject({ name: 'web', url: '/v1' });
  const pids = cluster.pids;
  expect(pids.map(isAlive)).toEqual([true]);
  const [pod] = (await api.list({ apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true })).items;
  expect(cluster.logs('default', pod?.metadata.name ?? '', 'main')).toEqual(['listening']);
  await api.delete(ref('apps/v1', 'Deployment', 'web'));
  await until('the process is gone', () => !pids.some(isAlive));
  await until('the pod is gone', async () => (await api.list({ apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true })).items.length === 0);
});

test('a Knative Service is served, and its children go with it', async () => {
  cluster = await startLocalCluster({ images: [SCRIPT_IMAGE], domain: 'models.test' });
  const { api, gatewayPort } = cluster;
  await cluster.apply([{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'iris' }, spec: { template: { spec: { containers: [serverContainer('iris')] } } } }]);
  await until('the service is ready', async () => conditionOf(await api.get(ref('serving.knative.dev/v1', 'Service', 'iris')), 'Ready')?.status === 'True');
  expect(await ask(gatewayPort, 'iris.default.models.test')).toMatchObject({ status: 200, body: { name: 'iris' } });
  const pids = cluster.pids;
  await api.delete(ref('serving.knative.dev/v1', 'Service', 'iris'));
  await until('the process is gone', () => !pids.some(isAlive));
  await until('the host is gone', async () => (await ask(gatewayPort, 'iris.default.models.test')).status === 404);
});

test('nothing is written once everything is as it should be', async () => {
  cluster = await startLocalCluster({ images: [SCRIPT_IMAGE], autoscaler: { tickMs: 10 } });
  const { api } = cluster;
  await cluster.apply([
    deployment('web', serverContainer('web')),
    service('web'),
    httpRoute('web', 'web.example.com', [{ backendRefs: [{ name: 'web', port: 80 }] }]),
    { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' }, spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 1, maxReplicas: 2 } },
    { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'iris' }, spec: { template: { spec: { containers: [serverContainer('iris')] } } } },
  ]);
  await until('both are up', async () => conditionOf(await api.get(ref('serving.knative.dev/v1', 'Service', 'iris')), 'Ready')?.status === 'True' && conditionOf(await api.get(ref('apps/v1', 'Deployment', 'web')), 'Available')?.status === 'True');
  const version = async (): Promise<string> => (await api.list({ apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true })).resourceVersion;
  let seen = await version();
  let quiet = 0;
  await until('no write for 50 looks in a row', async () => {
    const now = await version();
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
    return quiet >= 50;
  });
  expect(await api.get(ref('serving.knative.dev/v1', 'Revision', 'iris-00002'))).toBeUndefined();
});

test('kubectl logs shows what a container writes', async () => {
  cluster = await startLocalCluster({ images: [SCRIPT_IMAGE] });
  const script = 'console.log("one"); setTimeout(() => { console.log("two"); }, 200); setTimeout(() => {}, 400)';
  await cluster.apply([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'talker' }, spec: { restartPolicy: 'Never', containers: [scriptContainer(script)] } }]);
  await until('it has spoken', () => cluster?.logs('default', 'talker', 'main')?.length);
  const token = /token: "([^"]+)"/.exec(cluster.kubeconfig)?.[1];
  const response = await fetch(`${cluster.url}/api/v1/namespaces/default/pods/talker/log?follow=true`, { headers: { authorization: `Bearer ${token}` } });
  expect(await response.text()).toBe('one\ntwo\n');
});

test('stop leaves no process, no socket and no file', async () => {
  const before = await folders();
  cluster = await startLocalCluster({ images: [SCRIPT_IMAGE] });
  await cluster.apply([deployment('web', serverContainer('web'), { replicas: 2 })]);
  await until('two processes run', () => cluster?.pids.length === 2);
  const { pids, gatewayPort, url } = cluster;
  await cluster.stop();
  expect(pids.map(isAlive)).toEqual([false, false]);
  expect(await folders()).toEqual(before);
  expect(await Promise.all([gatewayPort, Number(new URL(url).port)].map(canConnect))).toEqual([false, false]);
});

test('a start that is given up leaves nothing', async () => {
  const before = await folders();
  const abort = new AbortController();
  const starting = startLocalCluster({ images: [SCRIPT_IMAGE], signal: abort.signal });
  abort.abort(new Error('Ctrl-C'));
  await expect(starting).rejects.toThrow('Ctrl-C');
  expect(await folders()).toEqual(before);
});

test('a gateway port that is taken is said in one line, and nothing stays behind', async () => {
  const before = await folders();
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(startLocalCluster({ images: [SCRIPT_IMAGE], port })).rejects.toMatchObject({ code: 'ISVC_LOCAL_PORT_IN_USE', message: expect.stringContaining(String(port)) as string });
  expect(await folders()).toEqual(before);
  other.close();
});

test('the controller is started against the cluster and stopped before it', async () => {
  const seen: string[] = [];
  cluster = await startLocalCluster({
    images: [SCRIPT_IMAGE],
    controller: async (api) => {
      seen.push((await api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' })) ? 'started' : 'blind');
      return { stop: async () => void seen.push((await api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' })) ? 'stopped' : 'too late') };
    },
  });
  await cluster.stop();
  expect(seen).toEqual(['started', 'stopped']);
});
