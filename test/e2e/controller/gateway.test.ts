import { KubeApiError } from 'cdk8s-kserve-controller';
import { SERVING_RUNTIME_API, type ObjectRef } from 'cdk8s-kserve/api';
import { TestCluster } from './support/cluster';
import { GATEWAY, makeGateway, sayOfGateway, sayOfGatewayClass } from './support/gateway';
import { condition, deploymentRef, iris, irisRef, makeChildrenReady, makeReady, rawChildren } from './support/iris';

let cluster: TestCluster;
let namespace: string;

beforeAll(async () => {
  cluster = await TestCluster.start();
});

beforeEach(async () => {
  namespace = await cluster.namespace();
});

afterEach(async () => {
  await cluster.stopControllers();
  await makeGateway(cluster.api);
  await sayOfGatewayClass(cluster.api);
});
afterAll(() => cluster.stop());

async function readyIris(): Promise<void> {
  await cluster.api.create(iris(namespace));
  for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
  await makeChildrenReady(cluster.api, namespace);
  await isReady();
}

async function isReady(): Promise<void> {
  await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True' && condition(s, 'Servable') === 'True');
}

async function says(expected: string): Promise<void> {
  const service = await cluster.eventually(irisRef(namespace), 'is not ready', (s) => condition(s, 'Ready')?.startsWith(expected) === true);
  expect(condition(service, 'IngressReady')).toBe(condition(service, 'Ready'));
  expect(condition(service, 'Servable')).toMatch(/^False Gateway/);
  expect(condition(service, 'PredictorReady')).toMatch(/^True/);
}

test('a raw service is Ready as long as its Gateway serves', async () => {
  const { api, controller } = await cluster.controller({ namespaces: [namespace] });
  await readyIris();
  await cluster.api.delete(GATEWAY);
  await says('False GatewayMissing HTTPRoute iris-predictor: Gateway kserve/kserve-ingress-gateway does not exist: create it, or name another in ingress.kserveIngressGateway');
  await makeGateway(cluster.api);
  await isReady();
  const gateway = await cluster.eventually(GATEWAY, 'is there');
  await sayOfGateway(cluster.api, gateway, { Accepted: 'True', Programmed: 'False' });
  await says('False GatewayNotProgrammed HTTPRoute iris-predictor: Gateway kserve/kserve-ingress-gateway is not programmed: Played: Programmed is False');
  await makeGateway(cluster.api);
  await isReady();

  await cluster.quiet(controller, api);
  const before = api.writes.length;
  await cluster.api.mergePatch(GATEWAY, { metadata: { annotations: { looked: 'at' } } });
  await makeGateway(cluster.api);
  await cluster.quiet(controller, api);
  expect(api.writes.slice(before)).toEqual([]);
});

test('so is a raw graph', async () => {
  await cluster.controller({ namespaces: [namespace] });
  await readyIris();
  const graph: ObjectRef = { apiVersion: SERVING_RUNTIME_API, kind: 'InferenceGraph', name: 'flowers', namespace };
  await cluster.api.create({
    apiVersion: graph.apiVersion, kind: graph.kind, metadata: { name: graph.name, namespace, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { nodes: { root: { routerType: 'Sequence', steps: [{ serviceName: 'iris' }] } } },
  });
  const children = [{ ...graph, apiVersion: 'apps/v1', kind: 'Deployment' }, { ...graph, apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' }];
  for (const ref of children) await cluster.eventually(ref, 'appears');
  await makeReady(cluster.api, children);
  await cluster.eventually(graph, 'is ready', (g) => condition(g, 'Ready') === 'True');
  await cluster.api.delete(GATEWAY);
  await cluster.eventually(graph, 'says why', (g) => condition(g, 'IngressReady')?.startsWith('False GatewayMissing HTTPRoute flowers') === true);
  await makeGateway(cluster.api);
  await cluster.eventually(graph, 'is ready', (g) => condition(g, 'Ready') === 'True');
});

test('a shadow is left out of the routes while the gateway cannot mirror, and the service is as ready as without it', async () => {
  await sayOfGatewayClass(cluster.api, 'HTTPRoute');
  const { api, controller } = await cluster.controller({ namespaces: [namespace] });
  await readyIris();
  const predictor = { name: 'next', model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/next' } };
  await cluster.api.mergePatch(irisRef(namespace), { spec: { shadow: true, canary: [{ trafficPercent: 100, predictor }] } });
  const next = { ...deploymentRef(namespace), name: 'iris-next-predictor' };
  await cluster.eventually(next, 'appears');
  await makeReady(cluster.api, [next]);
  const unmirrored = await cluster.eventually(irisRef(namespace), 'has its shadow', (s) => condition(s, 'CanaryPredictorReady')?.startsWith('True') === true);
  expect(condition(unmirrored, 'CanaryMirrored')).toBe(
    'False MirrorUnsupported spec.shadow: the shadow gets no requests: GatewayClass test does not support HTTPRouteRequestMirror; use a gateway that mirrors, or a canary with a share of the requests',
  );
  expect(condition(unmirrored, 'Ready')).toBe('True');
  expect(unmirrored['status']).toMatchObject({ canaryStatuses: [{ name: 'next', ready: true, trafficPercent: 0 }] });
  await cluster.quiet(controller, api);
  expect(JSON.stringify((await cluster.api.get(rawChildren(namespace)[4] as ObjectRef))?.['spec'])).not.toContain('RequestMirror');

  await sayOfGatewayClass(cluster.api);
  const doubtful = await cluster.eventually(irisRef(namespace), 'is in doubt', (s) => condition(s, 'CanaryMirrored')?.startsWith('Unknown') === true);
  expect(condition(doubtful, 'CanaryMirrored')).toMatch(/^Unknown FeaturesNotNamed GatewayClass test does not name its features .* look for HTTPRouteRequestMirror in the documentation of the gateway/);
  expect([condition(doubtful, 'Ready'), condition(doubtful, 'Progressing')]).toEqual(['True', 'False Settled']);

  await sayOfGatewayClass(cluster.api, 'HTTPRoute', 'HTTPRouteRequestMirror');
  const route = await cluster.eventually(rawChildren(namespace)[4] as ObjectRef, 'mirrors', (r) => JSON.stringify(r['spec']).includes('RequestMirror'));
  expect(JSON.stringify(route['spec'])).toContain('iris-next-predictor');
  const mirrored = await cluster.eventually(irisRef(namespace), 'says no more of it', (s) => condition(s, 'CanaryMirrored') === undefined);
  expect(mirrored['status']).toMatchObject({ canaryStatuses: [{ name: 'next', ready: true, trafficPercent: 100 }] });
});

test('where Gateways may not be read, the word of the routes has to do', async () => {
  await cluster.api.delete(GATEWAY);
  const { api, controller } = cluster.launch({ namespaces: [namespace] });
  api.before = ({ verb, kind }) => {
    if (verb === 'list' && kind === 'Gateway') throw new KubeApiError({ request: 'LIST gateways', statusCode: 403, reason: 'Forbidden', message: 'gateways is forbidden' });
  };
  await controller.ready;
  await readyIris();
});
