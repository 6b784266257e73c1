import type { KubeObject } from 'cdk8s-kserve/api';
import { TestCluster } from './support/cluster';
import { condition, deploymentRef, iris, irisRef, rawChildren } from './support/iris';

let cluster: TestCluster;
let namespace: string;

beforeAll(async () => {
  cluster = await TestCluster.start();
});

beforeEach(async () => {
  namespace = await cluster.namespace();
});

afterEach(() => cluster.stopControllers());
afterAll(() => cluster.stop());

/** The child as another controller would have made it: the same content, no record of our applies. */
function remade(child: KubeObject, owned: boolean): KubeObject {
  const { name, labels, annotations, ownerReferences } = child.metadata;
  return {
    ...child,
    status: undefined, // Not sent.
    metadata: { name, namespace: child.metadata.namespace ?? '', ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}), ...(owned && ownerReferences ? { ownerReferences } : {}) },
  };
}

/** A service with children that our controller did not make. */
async function madeByOthers(owned: boolean): Promise<void> {
  const { controller, api } = await cluster.controller({ namespaces: [namespace] });
  await cluster.api.create(iris(namespace));
  await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
  await cluster.quiet(controller, api);
  await cluster.stopControllers();
  for (const ref of rawChildren(namespace)) {
    const child = await cluster.eventually(ref, 'is there');
    await cluster.api.delete(ref);
    await cluster.gone(ref);
    await cluster.api.create(remade(child, owned));
  }
}

describe.each([['owned by the service', true], ['orphaned, with the label of the service', false]])('children that somebody else made, %s', (_how, owned) => {
  test('are claimed with one write each, without a change of the pods, and then left alone', async () => {
    await madeByOthers(owned);
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
