import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GATEWAY_API } from 'cdk8s-kserve/api';
import { HttpKubeApi } from 'cdk8s-kserve-controller';
import { kubeconfigFor, startApiServer } from 'cdk8s-kserve-local';
import { ScriptedServer, sendStatus } from '../../../controller/test/support/scripted-server';
import { clusterGateways } from '../../src/plan/cluster-gateways';

const GATEWAY = { apiVersion: GATEWAY_API, kind: 'Gateway', metadata: { name: 'public', namespace: 'edge' }, spec: { gatewayClassName: 'traefik', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] } };
const CLASS = { apiVersion: GATEWAY_API, kind: 'GatewayClass', metadata: { name: 'traefik' }, spec: { controllerName: 'traefik.io/gateway-controller' } };
const API = `/apis/${GATEWAY_API}`;
const RESOURCES = {
  kind: 'APIResourceList', groupVersion: GATEWAY_API,
  resources: [{ name: 'gateways', kind: 'Gateway', namespaced: true, verbs: ['list'] }, { name: 'gatewayclasses', kind: 'GatewayClass', namespaced: false, verbs: ['list'] }],
};

let kubeconfig: string;
beforeEach(() => {
  kubeconfig = join(mkdtempSync(join(tmpdir(), 'isvc-gateways-')), 'kubeconfig');
});
afterEach(() => rmSync(join(kubeconfig, '..'), { recursive: true, force: true }));

async function found(): Promise<readonly string[]> {
  return (await clusterGateways(kubeconfig)).map(({ object, file }) => `${object.kind} ${object.metadata.name} of ${file}`);
}

test('Gateways of all namespaces and their classes are read, and a cluster without any has none', async () => {
  const server = await startApiServer();
  const api = new HttpKubeApi({ url: server.url, token: server.token });
  writeFileSync(kubeconfig, kubeconfigFor(server));
  try {
    expect(await found()).toEqual([]);
    await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'edge' } });
    await api.create(GATEWAY);
    await api.create(CLASS);
    expect(await found()).toEqual(['Gateway public of the cluster', 'GatewayClass traefik of the cluster']);
  } finally {
    api.close();
    await server.close();
  }
});

describe('a cluster', () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await new ScriptedServer().start();
    writeFileSync(kubeconfig, JSON.stringify({ clusters: [{ name: 'c', cluster: { server: server.url } }], users: [{ name: 'u', user: {} }], contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }], 'current-context': 'x' }));
    server.on(`GET ${API}/gatewayclasses`, { kind: 'GatewayClassList', items: [CLASS] });
  });
  afterEach(() => server.stop());

  it('without the Gateway API has none', async () => {
    expect(await found()).toEqual([]);
  });

  it('whose Gateways the caller may not list shows their classes alone', async () => {
    server.on(`GET ${API}`, RESOURCES).on(`GET ${API}/gateways`, (_request, response) => sendStatus(response, 403, 'Forbidden', 'gateways is forbidden'));
    expect(await found()).toEqual(['GatewayClass traefik of the cluster']);
  });

  it('that fails is not taken for one without Gateways', async () => {
    server.on(`GET ${API}`, RESOURCES).on(`GET ${API}/gateways`, (_request, response) => sendStatus(response, 500, 'InternalError', 'etcd is gone'));
    await expect(found()).rejects.toMatchObject({ message: expect.stringContaining('etcd is gone') });
  });
});
