import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GATEWAY_API } from 'cdk8s-kserve/api';
import { HttpKubeApi } from 'cdk8s-kserve-controller';
import { kubeconfigFor, startApiServer } from 'cdk8s-kserve-local';
import { runIsvc } from '../../src';

const SHADOW = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  namespace: default
  annotations: { serving.kserve.io/deploymentMode: RawDeployment }
spec:
  shadow: true
  predictor:
    model: { modelFormat: { name: sklearn }, storageUri: "pvc://models/v1" }
  canary:
    - trafficPercent: 100
      predictor: { name: next, model: { modelFormat: { name: sklearn }, storageUri: "pvc://models/v2" } }
`;

test('a plan against a cluster says that its gateway cannot mirror to the shadow', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-plan-cluster-'));
  const server = await startApiServer();
  const api = new HttpKubeApi({ url: server.url, token: server.token });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(server));
  writeFileSync(join(folder, 'iris.yaml'), SHADOW);
  const plan = async (): Promise<string> => {
    let text = '';
    const write = (part: string): string => (text += part);
    await runIsvc(['plan', join(folder, 'iris.yaml'), '--against', 'cluster', '--kubeconfig', kubeconfig], { out: { write }, err: { write }, colors: false, signals: new EventEmitter(), now: () => new Date(0), exitCode: 0 });
    return text;
  };
  try {
    const before = await plan();
    expect(before).toContain('iris-next-predictor gets a copy of 100 % of the requests');
    expect(before).not.toContain('ISVC_RENDER_MIRROR');

    await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kserve' } });
    const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }];
    await api.create({ apiVersion: GATEWAY_API, kind: 'Gateway', metadata: { name: 'kserve-ingress-gateway', namespace: 'kserve' }, spec: { gatewayClassName: 'traefik', listeners } });
    const gatewayClass = await api.create({ apiVersion: GATEWAY_API, kind: 'GatewayClass', metadata: { name: 'traefik' }, spec: { controllerName: 'traefik.io/gateway-controller' } });
    await api.replaceStatus({ ...gatewayClass, status: { supportedFeatures: [{ name: 'HTTPRoute' }] } });
    const after = await plan();
    expect(after).toContain('the shadow gets no requests: GatewayClass traefik does not support HTTPRouteRequestMirror');
    expect(after).toContain('iris-next-predictor gets no requests');
  } finally {
    api.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
