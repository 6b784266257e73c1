import type { Client } from '@grpc/grpc-js';
import { condition, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import { askGrpc, connectGrpc } from '../../../packages/runtime/test/support/grpc';
import { childrenOf, hostOf, irisWith, model, startRig, VERSION_1, type Rig } from './support/rig';

const REQUEST = { model_name: 'iris', inputs: [{ name: 'input-0', datatype: 'FP32', shape: [1, 4], contents: { fp32_contents: [6.8, 2.8, 4.8, 1.4] } }] };

/** The server speaks gRPC on its HTTP port; the name of the port says that it is asked for that. */
function irisOverGrpc(namespace: string): ReturnType<typeof irisWith> {
  const { model: server } = model(VERSION_1) as { readonly model: object };
  return irisWith(VERSION_1, namespace, { predictor: { model: { ...server, ports: [{ containerPort: 8080, name: 'grpc', protocol: 'TCP' }] }, minReplicas: 1, maxReplicas: 1 } });
}

(process.env['ISVC_TEST_RIG'] ? describe : describe.skip)('a raw service that speaks gRPC, behind Traefik', () => {
  let rig: Rig;

  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.cluster.stopControllers());

  /** A namespace that is the controller's own too, for a config of its own. */
  async function configured(enableGrpcRoutes: boolean): Promise<string> {
    const namespace = await rig.cluster.namespace();
    const ingress = { enableGatewayApi: true, kserveIngressGateway: 'kserve/kserve-ingress-gateway', ingressGateway: 'kserve/kserve-ingress-gateway', enableGrpcRoutes };
    await rig.cluster.api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace }, data: { ingress: JSON.stringify(ingress) } });
    await rig.cluster.controller({ namespaces: [namespace], namespace });
    return namespace;
  }

  test.each([
    ['GRPCRoute', true],
    ['HTTPRoute', false],
  ])('predicts through a %s', async (kind, enableGrpcRoutes) => {
    const namespace = await configured(enableGrpcRoutes);
    await rig.cluster.api.create(irisOverGrpc(namespace));
    await rig.cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    expect((await childrenOf(rig.cluster, namespace)).filter((child) => child.includes('Route'))).toEqual([`${kind} iris`, `${kind} iris-predictor`]);
    const client = connectGrpc(rig.port, { 'grpc.default_authority': hostOf(namespace) });
    const answer = await until('it answers', () => predict(client));
    expect(answer).toMatchObject({ model_name: 'iris', outputs: [{ shape: [1] }] });
    expect(JSON.stringify(answer)).toContain('_contents":[1');
  });
});

/** Undefined until Traefik has taken the route over. */
function predict(client: Client): Promise<unknown> {
  return askGrpc(client, 'ModelInfer', REQUEST, { timeoutMs: 2_000 }).catch(() => undefined);
}
