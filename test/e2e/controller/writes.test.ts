import { cluster, namespace } from './support/each-test';
import { condition, iris, irisRef, makeChildrenReady, knativeRef, rawChildren } from './support/iris';

describe('the controller writes', () => {
  test('each child once and the status once when a service is created', async () => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
    await cluster.quiet(controller, api);
    expect(api.writes).toEqual([
      'apply Service iris-predictor', 'apply Deployment iris-predictor', 'apply HorizontalPodAutoscaler iris-predictor',
      'apply HTTPRoute iris-predictor', 'apply HTTPRoute iris', 'replaceStatus InferenceService iris',
    ]);
  });

  test('only statuses while a service becomes ready', async () => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    await cluster.quiet(controller, api);
    await Promise.all(rawChildren(namespace).map((ref) => cluster.eventually(ref, 'appears')));
    await cluster.quiet(controller, api);
    const before = api.writes.length;
    await makeChildrenReady(cluster.api, namespace);
    const ready = await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    expect(ready['status']).toMatchObject({
      observedGeneration: 1, url: `http://iris-${namespace}.example.com`, deploymentMode: 'Standard', clusterServingRuntimeName: 'kserve-sklearnserver',
    });
    await cluster.quiet(controller, api);
    const after = api.writes.slice(before);
    expect(after.length).toBeLessThanOrEqual(3);
    expect(new Set(after)).toEqual(new Set(['replaceStatus InferenceService iris']));
  });

  test.each(['RawDeployment', 'Serverless'] as const)('nothing after a restart when nothing changed (%s)', async (mode) => {
    const first = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace, { mode }));
    await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
    for (const ref of mode === 'Serverless' ? [knativeRef(namespace)] : rawChildren(namespace)) {
      await cluster.eventually(ref, 'appears');
    }
    await makeChildrenReady(cluster.api, namespace);
    await cluster.quiet(first.controller, first.api);
    await first.controller.stop();
    const second = await cluster.controller({ namespaces: [namespace] });
    await cluster.quiet(second.controller, second.api);
    expect(second.api.writes).toEqual([]);
  });

  test('only what differs when one field of the service changes', async () => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
    await cluster.quiet(controller, api);
    const before = api.writes.length;
    await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { maxReplicas: 4 } } });
    await cluster.eventually(irisRef(namespace), 'is observed', (s) => (s['status'] as { observedGeneration?: number }).observedGeneration === 2);
    await cluster.quiet(controller, api);
    expect(api.writes.slice(before)).toEqual(['apply HorizontalPodAutoscaler iris-predictor', 'replaceStatus InferenceService iris']);
  });

  test('nothing when others add to a child', async () => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
    await cluster.quiet(controller, api);
    const before = api.writes.length;
    for (const ref of rawChildren(namespace)) {
      await cluster.api.mergePatch(ref, { metadata: { annotations: { 'somebody/else': 'was here' } } });
    }
    await cluster.quiet(controller, api);
    expect(api.writes.slice(before)).toEqual([]);
  });
});
