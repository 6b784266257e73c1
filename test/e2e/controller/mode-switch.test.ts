import type { KubeObject } from 'cdk8s-kserve/api';
import { cluster, namespace } from './support/each-test';
import { condition, deploymentRef, iris, irisRef, knativeRef, makeChildrenReady, rawChildren } from './support/iris';

async function switchTo(mode: string): Promise<void> {
  await cluster.api.mergePatch(irisRef(namespace), { metadata: { annotations: { 'serving.kserve.io/deploymentMode': mode } } });
}

/** Plays Knative: the named conditions of the Knative Service are True. */
async function knativeSays(...types: readonly string[]): Promise<void> {
  const ksvc = await cluster.eventually(knativeRef(namespace), 'appears');
  await cluster.api.replaceStatus({
    ...ksvc,
    status: { observedGeneration: ksvc.metadata.generation ?? 1, ...(types.includes('RoutesReady') ? { latestReadyRevisionName: 'iris-predictor-00001' } : {}), conditions: ['Ready', 'RoutesReady', 'ConfigurationsReady'].map((type) => ({ type, status: types.includes(type) ? 'True' : 'Unknown' })) },
  });
}

const isReady = (service: KubeObject): boolean => condition(service, 'Ready') === 'True';

describe('a service that changes its mode', () => {
  test('from raw to serverless keeps its Deployment, Service and routes until the revision is ready', async () => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
    await makeChildrenReady(cluster.api, namespace);
    await cluster.eventually(irisRef(namespace), 'is ready', isReady);
    await switchTo('Serverless');
    await cluster.eventually(knativeRef(namespace), 'appears');
    await cluster.quiet(controller, api);
    for (const ref of rawChildren(namespace)) expect((await cluster.api.get(ref))?.metadata.deletionTimestamp).toBeUndefined();
    expect(await cluster.api.get(deploymentRef(namespace))).toBeDefined();
    const switching = await cluster.eventually(irisRef(namespace), 'says so', (s) => condition(s, 'PredictorReady')?.includes('SwitchingMode') === true);
    expect(condition(switching, 'Ready')).toBe('True');
    await knativeSays('ConfigurationsReady');
    for (const ref of rawChildren(namespace)) await cluster.gone(ref);
    await knativeSays('Ready', 'RoutesReady', 'ConfigurationsReady');
    await cluster.eventually(irisRef(namespace), 'is ready in its new mode', (s) => isReady(s) && !condition(s, 'PredictorReady')?.includes('SwitchingMode'));
  });

  test.each([
    ['', ['Ready', 'RoutesReady', 'ConfigurationsReady']],
    [', one whose latest revision does not answer too', ['RoutesReady']],
  ])('from serverless to raw keeps its Knative Service until the Deployment is available%s', async (_which, says) => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace, { mode: 'Serverless' }));
    await knativeSays('Ready', 'RoutesReady', 'ConfigurationsReady');
    await cluster.eventually(irisRef(namespace), 'is ready', isReady);
    await knativeSays(...says);
    await cluster.quiet(controller, api);
    await switchTo('RawDeployment');
    await cluster.eventually(deploymentRef(namespace), 'appears');
    await cluster.quiet(controller, api);
    expect(await cluster.api.get(knativeRef(namespace))).toBeDefined();
    expect(api.writes).not.toContain('apply HTTPRoute iris');
    expect(condition(await cluster.api.get(irisRef(namespace)), 'Ready')).toBe('True');
    await makeChildrenReady(cluster.api, namespace);
    await cluster.gone(knativeRef(namespace));
    for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
    expect(api.writes.indexOf('delete Service iris-predictor')).toBeLessThan(api.writes.indexOf('apply Service iris-predictor', api.writes.indexOf('apply Deployment iris-predictor')));
  });

  test('and back again before the new workload answers loses nothing', async () => {
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
    await makeChildrenReady(cluster.api, namespace);
    await cluster.eventually(irisRef(namespace), 'is ready', isReady);
    const before = await cluster.api.get(deploymentRef(namespace));
    await switchTo('Serverless');
    await cluster.eventually(knativeRef(namespace), 'appears');
    await switchTo('RawDeployment');
    await cluster.gone(knativeRef(namespace));
    expect((await cluster.api.get(deploymentRef(namespace)))?.metadata.uid).toBe(before?.metadata.uid);
  });
});
