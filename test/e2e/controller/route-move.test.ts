import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { TestCluster } from './support/cluster';
import { condition, deploymentRef, iris, irisRef, makeChildrenReady, makeReady, rawChildren } from './support/iris';

let cluster: TestCluster;
let namespace: string;

beforeAll(async () => {
  cluster = await TestCluster.start();
  namespace = await cluster.namespace();
});
afterAll(() => cluster.stop());

const routeRef = (): ObjectRef => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', name: 'iris', namespace });
const transformerRef = (): ObjectRef => ({ ...deploymentRef(namespace), name: 'iris-transformer' });

function leadsTo(route: KubeObject | undefined): string | undefined {
  return (route?.['spec'] as { readonly rules: readonly { readonly backendRefs: readonly { readonly name: string }[] }[] } | undefined)?.rules[0]?.backendRefs[0]?.name;
}

test('the route moves to a new transformer once that answers, and back before it goes', async () => {
  const { api, controller } = await cluster.controller({ namespaces: [namespace] });
  await cluster.api.create(iris(namespace));
  for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
  await makeChildrenReady(cluster.api, namespace);
  await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');

  await cluster.api.mergePatch(irisRef(namespace), { spec: { transformer: { containers: [{ image: 'registry.example/features:1' }] } } });
  await cluster.eventually(transformerRef(), 'appears');
  await cluster.eventually({ ...routeRef(), name: 'iris-transformer' }, 'appears');
  await makeReady(cluster.api, [{ ...routeRef(), name: 'iris-transformer' }]);
  await cluster.quiet(controller, api);
  expect(leadsTo(await cluster.api.get(routeRef()))).toBe('iris-predictor');
  const waiting = await cluster.api.get(irisRef(namespace));
  expect(condition(waiting, 'TransformerReady')).not.toMatch(/^True/);
  expect(condition(waiting, 'Servable')).toMatch(/^True/);

  await makeReady(cluster.api, [transformerRef()]);
  await cluster.eventually(routeRef(), 'leads to the transformer', (route) => leadsTo(route) === 'iris-transformer');

  await cluster.api.mergePatch(irisRef(namespace), { spec: { transformer: null } });
  await cluster.gone(transformerRef());
  const writes = api.writes.filter((write) => write === 'apply HTTPRoute iris' || write === 'delete Deployment iris-transformer');
  expect(writes.slice(-2)).toEqual(['apply HTTPRoute iris', 'delete Deployment iris-transformer']);
});
