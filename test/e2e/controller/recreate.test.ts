import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { cluster, namespace } from './support/each-test';
import { condition, deploymentRef, iris, irisRef } from './support/iris';

const serviceRef = (): ObjectRef => ({ apiVersion: 'v1', kind: 'Service', name: 'iris-predictor', namespace });
const clusterIp = (service: KubeObject): unknown => (service['spec'] as { clusterIP?: string }).clusterIP;

interface Workload {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
}

/** A Deployment as an earlier version might have made it: with this selector, and these labels of its pods. */
async function deploymentWith(change: (spec: Workload) => Workload): Promise<KubeObject> {
  const { controller } = await cluster.controller({ namespaces: [namespace] });
  await cluster.api.create(iris(namespace));
  const { apiVersion, kind, metadata, ...rest } = await cluster.eventually(deploymentRef(namespace), 'appears');
  await controller.stop();
  await cluster.api.delete(deploymentRef(namespace));
  await cluster.gone(deploymentRef(namespace));
  const { name, labels = {}, ownerReferences = [] } = metadata;
  return cluster.api.create({ apiVersion, kind, metadata: { name, namespace, labels, ownerReferences }, spec: change(rest['spec'] as Workload) });
}

describe('a field that the API server never changes', () => {
  test('a Service that becomes headless, or stops being so, is replaced; once', async () => {
    const configured = async (none: boolean): Promise<void> => {
      await cluster.api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace }, data: { service: JSON.stringify({ serviceClusterIPNone: none }) } }, { fieldManager: 'test', force: true });
    };
    await configured(false);
    const { controller, api } = await cluster.controller({ namespaces: [namespace], namespace });
    await cluster.api.create(iris(namespace));
    const first = await cluster.eventually(serviceRef(), 'appears');
    expect(clusterIp(first)).not.toBe('None');
    await configured(true);
    const second = await cluster.eventually(serviceRef(), 'is headless', (s) => clusterIp(s) === 'None');
    await configured(false);
    const third = await cluster.eventually(serviceRef(), 'has an address again', (s) => clusterIp(s) !== 'None' && s.metadata.uid !== second.metadata.uid);
    expect(new Set([first, second, third].map((s) => s.metadata.uid)).size).toBe(3);
    await cluster.quiet(controller, api);
    expect((await cluster.api.get(serviceRef()))?.metadata.uid).toBe(third.metadata.uid);
    expect(condition(await cluster.api.get(irisRef(namespace)), 'IngressReady')).not.toMatch(/ReconcileFailed/);
  });

  test('a Deployment whose pods the new selector finds hands them over', async () => {
    const old = await deploymentWith((spec) => ({ ...spec, selector: { matchLabels: { ...spec.selector.matchLabels, era: 'old' } }, template: { ...spec.template, metadata: { ...spec.template.metadata, labels: { ...spec.template.metadata.labels, era: 'old' } } } }));
    const { controller, api } = await cluster.controller({ namespaces: [namespace] });
    const made = await cluster.eventually(deploymentRef(namespace), 'is made anew', (d) => d.metadata.uid !== old.metadata.uid);
    expect((made['spec'] as Workload).selector.matchLabels).not.toHaveProperty('era');
    await cluster.quiet(controller, api);
    expect(api.writes.filter((write) => write.startsWith('delete') && write.includes('Deployment'))).toHaveLength(1);
  });

  test('one whose pods it does not find stays, and a condition says what to do', async () => {
    const old = await deploymentWith((spec) => ({ ...spec, selector: { matchLabels: { era: 'old' } }, template: { ...spec.template, metadata: { ...spec.template.metadata, labels: { era: 'old' } } } }));
    await cluster.controller({ namespaces: [namespace] });
    const told = await cluster.eventually(irisRef(namespace), 'tells the cause', (s) => condition(s, 'PredictorReady')?.includes('spec.selector') ?? false);
    expect(condition(told, 'PredictorReady')).toMatch(/^False ReconcileFailed Deployment iris-predictor: spec\.selector cannot be changed/);
    expect(condition(told, 'PredictorReady')).toContain(`kubectl delete deployment iris-predictor -n ${namespace}`);
    expect((await cluster.api.get(deploymentRef(namespace)))?.metadata.uid).toBe(old.metadata.uid);
    await cluster.api.delete(deploymentRef(namespace));
    await cluster.eventually(deploymentRef(namespace), 'is made anew', (d) => d.metadata.uid !== old.metadata.uid);
    await cluster.eventually(irisRef(namespace), 'has no trouble any more', (s) => !condition(s, 'PredictorReady')?.includes('ReconcileFailed'));
  });
});

test.each([
  ['with another handler', { readinessProbe: { httpGet: { path: '/ready', port: 8080 } } }, { readinessProbe: { tcpSocket: { port: 8080 } } }, ['readinessProbe', 'httpGet'], { tcpSocket: { port: 8080 } }],
  ['with a value in place of a reference', { env: [{ name: 'E', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }, { env: [{ name: 'E', value: 'x' }] }, ['env', '0', 'valueFrom'], { name: 'E', value: 'x' }],
])('an edit of a container %s takes away the other, with what the API server filled in beside it', async (_what, first, second, path, expected) => {
  const container = { name: 'kserve-container', image: 'registry.example/own:1' };
  await cluster.controller({ namespaces: [namespace] });
  await cluster.api.create({ ...iris(namespace), spec: { predictor: { containers: [{ ...container, ...first }] } } });
  await cluster.eventually(deploymentRef(namespace), 'has the first', (d) => at(d, path) !== undefined);
  await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { containers: [{ ...container, ...second }] } } });
  const changed = await cluster.eventually(deploymentRef(namespace), 'has the second', (d) => at(d, path) === undefined);
  expect(at(changed, path.slice(0, -1))).toMatchObject(expected);
});

/** A field of the Deployment's first container. */
function at(deployment: KubeObject, path: readonly string[]): unknown {
  const [container] = (deployment['spec'] as { template: { spec: { containers: unknown[] } } }).template.spec.containers;
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], container);
}
