import { isNamespaceTerminating } from 'cdk8s-kserve-controller';
import { cluster, namespace } from './support/each-test';
import { condition, deploymentRef, iris, irisRef } from './support/iris';

/** What the server says to a write in a namespace that is going. */
async function refusalOfLeaving(): Promise<unknown> {
  const going = await cluster.namespace();
  const configMap = (name: string, finalizers: readonly string[] = []) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: going, finalizers } });
  await cluster.api.create(configMap('holds-it', ['test.cdk8s-kserve.io/hold']));
  await cluster.api.delete({ apiVersion: 'v1', kind: 'Namespace', name: going });
  const refusal = await cluster.api.apply(configMap('late'), { fieldManager: 'test' }).catch((error: unknown) => error);
  await cluster.api.mergePatch({ apiVersion: 'v1', kind: 'ConfigMap', name: 'holds-it', namespace: going }, { metadata: { finalizers: null } });
  return refusal;
}

test('children that go before their service, with its namespace, are asked for once and cost no status', async () => {
  const { api, controller } = await cluster.controller({ namespaces: [namespace] });
  await cluster.api.create(iris(namespace));
  await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
  await cluster.quiet(controller, api);
  const before = api.writes.length;
  const refusal = await refusalOfLeaving();
  expect(isNamespaceTerminating(refusal)).toBe(true);
  api.before = ({ verb }) => {
    if (verb === 'apply') throw refusal;
  };
  for (const ref of [deploymentRef(namespace), { apiVersion: 'v1', kind: 'Service', name: 'iris-predictor', namespace }]) {
    await cluster.api.delete(ref);
    await cluster.gone(ref);
    await cluster.quiet(controller, api);
  }
  expect(api.writes.slice(before)).toEqual(['apply Deployment iris-predictor']);
});
