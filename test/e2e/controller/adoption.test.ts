import type { KubeObject } from 'cdk8s-kserve/api';
import { cluster, namespace } from './support/each-test';
import { condition, deploymentRef, iris, irisRef, rawChildren } from './support/iris';
import { madeByOthers, remade } from './support/made-by-others';

describe.each([['owned by the service', true], ['orphaned, with the label of the service', false]])('children that somebody else made, %s', (_how, owned) => {
  test('are claimed with one write each, without a change of the pods, and then left alone', async () => {
    await madeByOthers(cluster, namespace, { owned });
    const before = await cluster.api.get(deploymentRef(namespace));
    const first = await cluster.controller({ namespaces: [namespace] });
    for (const ref of rawChildren(namespace)) {
      await cluster.eventually(ref, 'is claimed', (c) => c.metadata.ownerReferences?.[0]?.name === 'iris');
    }
    await cluster.quiet(first.controller, first.api);
    const after = await cluster.api.get(deploymentRef(namespace));
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(after?.metadata.generation).toBe(before?.metadata.generation);
    expect(first.api.writes.filter((w) => w.startsWith('apply'))).toHaveLength(5);
    await first.controller.stop();
    const second = await cluster.controller({ namespaces: [namespace] });
    await cluster.quiet(second.controller, second.api);
    expect(second.api.writes).toEqual([]);
  });
});

test("a Deployment that lacks only our habits keeps its pods until its template changes for another reason", async () => {
  await madeByOthers(cluster, namespace);
  const made = await cluster.eventually(deploymentRef(namespace), 'is there');
  const { enableServiceLinks: _links, ...pod } = podOf(made);
  await cluster.api.delete(deploymentRef(namespace));
  await cluster.gone(deploymentRef(namespace));
  const containers = pod.containers.map((container) => ({ ...container, terminationMessagePolicy: 'File' }));
  const spec = made['spec'] as { readonly template: object };
  await cluster.api.create({ ...remade(made, true), spec: { ...spec, template: { ...spec.template, spec: { ...pod, containers } } } });
  const { controller, api } = await cluster.controller({ namespaces: [namespace] });
  await cluster.eventually(deploymentRef(namespace), 'is claimed', () => api.writes.includes('apply Deployment iris-predictor'));
  await cluster.quiet(controller, api);
  const adopted = await cluster.eventually(deploymentRef(namespace), 'is there');
  expect(adopted.metadata.generation).toBe(1);
  expect(podOf(adopted)).toMatchObject({ containers: [{ terminationMessagePolicy: 'File' }] });
  await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { model: { storageUri: 'pvc://models/other' } } } });
  const changed = await cluster.eventually(deploymentRef(namespace), 'follows', (d) => d.metadata.generation !== 1);
  expect(podOf(changed)).toMatchObject({ enableServiceLinks: false, containers: [{ terminationMessagePolicy: 'FallbackToLogsOnError' }] });
});

function podOf(deployment: KubeObject): { readonly enableServiceLinks?: boolean; readonly containers: readonly object[] } {
  return (deployment['spec'] as { template: { spec: { enableServiceLinks?: boolean; containers: object[] } } }).template.spec;
}

describe("the finalizer of KServe's controller", () => {
  const FINALIZER = 'inferenceservice.finalizers';
  const withFinalizers = (...finalizers: string[]): KubeObject => {
    const service = iris(namespace);
    return { ...service, metadata: { ...service.metadata, finalizers } };
  };

  test('is taken off with one write, others stay', async () => {
    await cluster.api.create(withFinalizers(FINALIZER, 'example.com/mine'));
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    const service = await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
    expect(service.metadata.finalizers).toEqual(['example.com/mine']);
    await cluster.quiet(controller, api);
    expect(api.writes.filter((w) => w.startsWith('mergePatch'))).toEqual(['mergePatch InferenceService iris']);
    await cluster.api.mergePatch(irisRef(namespace), { metadata: { finalizers: [] } });
  });

  test('does not keep a service that was deleted while no controller ran', async () => {
    await cluster.api.create(withFinalizers(FINALIZER));
    await cluster.api.delete(irisRef(namespace));
    expect(await cluster.api.get(irisRef(namespace))).toBeDefined();
    await cluster.controller({ namespaces: [namespace] });
    await cluster.gone(irisRef(namespace));
  });
});
