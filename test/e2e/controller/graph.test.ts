import { SERVING_RUNTIME_API, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import { cluster, namespace } from './support/each-test';
import { condition, iris, irisRef, makeChildrenReady, makeReady, rawChildren } from './support/iris';

/** A raw graph of one step; `serviceName: iris` unless told otherwise. */
function graph(steps: readonly object[] = [{ serviceName: 'iris' }], annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: SERVING_RUNTIME_API, kind: 'InferenceGraph',
    metadata: { name: 'flowers', namespace, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment', ...annotations } },
    spec: { nodes: { root: { routerType: 'Sequence', steps } } },
  };
}

function refs(): readonly ObjectRef[] {
  const named = (apiVersion: string, kind: string): ObjectRef => ({ apiVersion, kind, name: 'flowers', namespace });
  return [named('v1', 'Service'), named('apps/v1', 'Deployment'), named('autoscaling/v2', 'HorizontalPodAutoscaler'), named('gateway.networking.k8s.io/v1', 'HTTPRoute')];
}

const graphRef = (): ObjectRef => ({ apiVersion: SERVING_RUNTIME_API, kind: 'InferenceGraph', name: 'flowers', namespace });

function routerArgs(deployment: KubeObject): string {
  return JSON.stringify((deployment['spec'] as { template: { spec: { containers: { args: string[] }[] } } }).template.spec.containers[0]?.args);
}

async function servingIris(): Promise<void> {
  await cluster.api.create(iris(namespace));
  for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
  await makeChildrenReady(cluster.api, namespace);
  await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
}

describe('an InferenceGraph', () => {
  test('becomes Ready when its router, its route and the services it calls are, and says what is missing until then', async () => {
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    await cluster.api.create(graph());
    for (const ref of refs()) {
      const child = await cluster.eventually(ref, 'appears');
      expect(child.metadata.ownerReferences).toMatchObject([{ kind: 'InferenceGraph', name: 'flowers', controller: true }]);
    }
    await makeReady(cluster.api, refs());
    const waiting = await cluster.eventually(graphRef(), 'waits for iris', (g) => condition(g, 'RouterReady')?.startsWith('True') === true && condition(g, 'IngressReady') === 'True');
    expect(condition(waiting, 'Ready')).toMatch(/^False ServicesNotReady these services do not answer: iris \(/);

    for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
    await makeChildrenReady(cluster.api, namespace);
    const ready = await cluster.eventually(graphRef(), 'is ready', (g) => condition(g, 'Ready') === 'True');
    expect(ready['status']).toMatchObject({ url: `http://flowers-${namespace}.example.com`, deploymentMode: 'Standard', observedGeneration: ready.metadata.generation });
  });

  test('follows a service that comes late, and keeps its router when the service goes', async () => {
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(graph());
    await cluster.eventually(graphRef(), 'misses iris', (g) => condition(g, 'Ready')?.includes('there is no InferenceService "iris"') === true);
    await servingIris();
    const deployment = await cluster.eventually({ ...graphRef(), apiVersion: 'apps/v1', kind: 'Deployment' }, 'appears');
    expect(routerArgs(deployment)).toContain(`iris-predictor.${namespace}`);

    await cluster.api.delete(irisRef(namespace));
    const missing = await cluster.eventually(graphRef(), 'misses iris again', (g) => condition(g, 'Progressing')?.includes('there is no InferenceService "iris"') === true);
    expect(condition(missing, 'Ready')).toMatch(/^False/);
    expect((await cluster.api.get({ ...graphRef(), apiVersion: 'apps/v1', kind: 'Deployment' }))?.metadata.uid).toBe(deployment.metadata.uid);
  });

  test('answers as the last valid spec told its router, through an edit that cannot be followed', async () => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await servingIris();
    await cluster.api.create(graph());
    for (const ref of refs()) await cluster.eventually(ref, 'appears');
    await makeReady(cluster.api, refs());
    const ready = await cluster.eventually(graphRef(), 'is ready', (g) => condition(g, 'Ready') === 'True');
    const before = await Promise.all(refs().map((ref) => cluster.api.get(ref)));

    await cluster.api.mergePatch(graphRef(), { spec: graph([{ serviceName: 'nobody' }])['spec'] });
    const broken = await cluster.eventually(graphRef(), 'has seen the edit', (g) => (g['status'] as { observedGeneration?: number }).observedGeneration === 2);
    expect(condition(broken, 'Ready')).toBe('True');
    expect(condition(broken, 'RouterReady')).toMatch(/^True InvalidGraph the last valid spec answers: .*there is no InferenceService "nobody"/);
    expect(condition(broken, 'Progressing')).toMatch(/^False InvalidSpec waits for a valid spec: .*there is no InferenceService "nobody"/);
    expect(broken['status']).toMatchObject({ url: (ready['status'] as { url: string }).url });
    await cluster.quiet(controller, api);
    expect(await Promise.all(refs().map((ref) => cluster.api.get(ref)))).toEqual(before);
    const router = { ...graphRef(), apiVersion: 'apps/v1', kind: 'Deployment' };
    await cluster.api.delete(router);
    await cluster.eventually(router, 'is made again', (d) => !d.metadata.deletionTimestamp && d.metadata.uid !== before.find((c) => c?.kind === 'Deployment')?.metadata.uid);

    await makeReady(cluster.api, refs());
    await cluster.api.mergePatch(graphRef(), { spec: graph()['spec'] });
    await cluster.eventually(graphRef(), 'is settled', (g) => condition(g, 'Ready') === 'True' && condition(g, 'Progressing') === 'False Settled');
  });

  test('is written once and then left alone, and repaired after an edit by hand', async () => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await servingIris();
    await cluster.api.create(graph());
    for (const ref of refs()) await cluster.eventually(ref, 'appears');
    await makeReady(cluster.api, refs());
    await cluster.eventually(graphRef(), 'is ready', (g) => condition(g, 'Ready') === 'True');
    await cluster.quiet(controller, api);
    expect(api.writes.filter((w) => w.endsWith(' flowers') && w.startsWith('apply '))).toHaveLength(refs().length);

    await cluster.api.mergePatch({ ...graphRef(), apiVersion: 'apps/v1', kind: 'Deployment' }, { spec: { template: { spec: { automountServiceAccountToken: true } } } });
    await cluster.eventually({ ...graphRef(), apiVersion: 'apps/v1', kind: 'Deployment' }, 'is repaired',
      (d) => (d['spec'] as { template: { spec: { automountServiceAccountToken: boolean } } }).template.spec.automountServiceAccountToken === false);
  });

  test('loses its children when stopped and when deleted', async () => {
    await cluster.controller({ namespaces: [namespace] });
    await servingIris();
    await cluster.api.create(graph());
    for (const ref of refs()) await cluster.eventually(ref, 'appears');
    await cluster.api.mergePatch(graphRef(), { metadata: { annotations: { 'serving.kserve.io/stop': 'true' } } });
    for (const ref of refs()) await cluster.gone(ref);
    await cluster.eventually(graphRef(), 'says so', (g) => condition(g, 'Ready') === 'False Stopped the stop annotation is true');
    await cluster.api.mergePatch(graphRef(), { metadata: { annotations: { 'serving.kserve.io/stop': null } } });
    for (const ref of refs()) await cluster.eventually(ref, 'is back');
    await cluster.api.delete(graphRef());
    for (const ref of refs()) await cluster.gone(ref);
  });

  test('with an object of its name in the way says so, and leaves that alone', async () => {
    await cluster.controller({ namespaces: [namespace] });
    const [taken = graphRef()] = refs();
    await cluster.api.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'flowers', namespace }, spec: { selector: { app: 'mine' }, ports: [{ port: 80 }] } });
    await servingIris();
    await cluster.api.create(graph());
    const told = await cluster.eventually(graphRef(), 'says why', (g) => condition(g, 'RouterReady')?.startsWith('False') === true);
    expect(condition(told, 'RouterReady')).toMatch(/^False ReconcileFailed Service flowers: .*was not made for this InferenceGraph/);
    expect((await cluster.api.get(taken))?.['spec']).toMatchObject({ selector: { app: 'mine' } });
  });
});
