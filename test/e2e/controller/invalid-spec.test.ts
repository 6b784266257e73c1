import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { cluster, namespace } from './support/each-test';
import { condition, deploymentRef, iris, irisRef, makeChildrenReady, rawChildren } from './support/iris';
import { until } from '../../support/until';

const NOBODY_SERVES = { spec: { predictor: { model: { modelFormat: { name: 'cobol' } } } } };
const SERVED = { spec: { predictor: { model: { modelFormat: { name: 'sklearn' } } } } };
const HPA = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' } as const;

const edit = (patch: object): Promise<KubeObject> => cluster.api.mergePatch(irisRef(namespace), patch);

async function isReady(): Promise<void> {
  await cluster.api.create(iris(namespace));
  for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
  await becomes('Ready', 'True');
}

/** Under a real controller manager what the test plays may be written over. */
async function becomes(type: string, expected: string): Promise<void> {
  await until(`${type} is ${expected}`, async () => {
    await makeChildrenReady(cluster.api, namespace).catch(() => undefined);
    return condition(await cluster.api.get(irisRef(namespace)), type) === expected;
  }, 45_000);
}

async function becomesInvalid(): Promise<void> {
  await edit(NOBODY_SERVES);
  await cluster.eventually(irisRef(namespace), 'says that its spec is not valid', (s) => condition(s, 'Progressing')?.includes('InvalidSpec') === true);
}

/** What it says, without what a server makes up for each new object. */
function content({ metadata, ...child }: KubeObject): unknown {
  const { clusterIP: _ip, clusterIPs: _ips, ...spec } = child['spec'] as Readonly<Record<string, unknown>>;
  return { spec, labels: metadata.labels, owner: metadata.ownerReferences };
}

async function comesBack(ref: ObjectRef): Promise<void> {
  const before = await cluster.eventually(ref, 'is there');
  await cluster.api.delete(ref);
  const after = await cluster.eventually(ref, 'is made again', (c) => c.metadata.uid !== before.metadata.uid && !c.metadata.deletionTimestamp);
  expect(content(after)).toEqual(content(before));
}

describe('while the spec of a service is not valid', () => {
  test('each child of the last valid one comes back when it is deleted by hand, and the service is Ready by them', async () => {
    const { controller, api } = await cluster.controller({ namespaces: [namespace] });
    await isReady();
    await becomesInvalid();
    await cluster.quiet(controller, api);
    const first = api.writes.length;
    for (const ref of rawChildren(namespace)) await comesBack(ref);
    await becomes('Ready', 'True');
    await cluster.quiet(controller, api);
    expect(api.writes.slice(first).filter((w) => !w.includes('InferenceService'))).toEqual(rawChildren(namespace).map(({ kind, name }) => `apply ${kind} ${name}`));
  });

  test('one that the last valid spec had no more use for does not', async () => {
    const { controller, api } = await cluster.controller({ namespaces: [namespace] });
    await isReady();
    await edit({ metadata: { annotations: { 'serving.kserve.io/autoscalerClass': 'none' } } });
    await cluster.gone({ ...HPA, name: 'iris-predictor', namespace });
    await becomesInvalid();
    await comesBack(deploymentRef(namespace));
    await cluster.quiet(controller, api);
    expect(await cluster.api.get({ ...HPA, name: 'iris-predictor', namespace })).toBeUndefined();
  });

  test('a controller that starts anew knows those that are there', async () => {
    const first = await cluster.controller({ namespaces: [namespace] });
    await isReady();
    await becomesInvalid();
    await first.controller.stop();
    const { controller, api } = await cluster.controller({ namespaces: [namespace] });
    await cluster.quiet(controller, api);
    expect(api.writes).toEqual([]);
    await comesBack(deploymentRef(namespace));
    await edit(SERVED);
    await becomes('Progressing', 'False Settled');
  });
});
