import { CONFIG_MAP_NAME, SERVING_RUNTIME_API, type InferenceServiceStatus, type KubeObject } from 'cdk8s-kserve/api';
import { KubeApiError } from 'cdk8s-kserve-controller';
import { cluster, namespace } from './support/each-test';
import { condition, deploymentRef, iris, irisRef, makeReady, rawChildren } from './support/iris';
import { until } from '../../support/until';

function runtime(format: string): KubeObject {
  return {
    apiVersion: SERVING_RUNTIME_API, kind: 'ServingRuntime', metadata: { name: 'own', namespace },
    spec: { supportedModelFormats: [{ name: format, autoSelect: true }], containers: [{ name: 'kserve-container', image: 'own:1' }] },
  };
}

describe('what cannot be served says why', () => {
  test('when no runtime fits, and is served once one appears', async () => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace, { predictor: { model: { modelFormat: { name: 'cobol' }, storageUri: 'pvc://models/x' } } }));
    const service = await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'Ready')?.startsWith('False') === true);
    expect(condition(service, 'PredictorReady')).toMatch(/^False NoSupportingRuntime .*cobol/);
    await cluster.quiet(controller, api);
    expect(api.writes).toEqual(['replaceStatus InferenceService iris']);
    await cluster.api.create(runtime('cobol'));
    await cluster.eventually(deploymentRef(namespace), 'appears');
    await cluster.eventually(irisRef(namespace), 'has recovered', (s) => condition(s, 'PredictorReady')?.startsWith('False') === false);
  });

  test('when the spec asks for what cannot be rendered; children of the last valid spec stay', async () => {
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    await cluster.eventually(deploymentRef(namespace), 'appears');
    await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { scaleMetric: 'rps' } } });
    const service = await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'PredictorReady')?.startsWith('False') === true);
    expect(condition(service, 'PredictorReady')).toContain('spec.predictor.scaleMetric');
    expect(await cluster.api.get(deploymentRef(namespace))).toBeDefined();
  });

  test('when a child\'s name is taken; the other object is left alone until it goes', async () => {
    const taken: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'iris-predictor', namespace }, spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 9999 }], selector: { app: 'mine' } } };
    await cluster.api.create(taken);
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    const service = await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'PredictorReady')?.startsWith('False') === true);
    expect(condition(service, 'PredictorReady')).toMatch(/^False ReconcileFailed Service iris-predictor: .*was not made for this InferenceService/);
    const [ref = deploymentRef(namespace)] = rawChildren(namespace);
    expect((await cluster.api.get(ref))?.['spec']).toMatchObject({ selector: { app: 'mine' } });
    await cluster.api.delete(ref);
    await cluster.eventually(ref, 'is made', (s) => s.metadata.ownerReferences?.[0]?.name === 'iris');
    await cluster.eventually(irisRef(namespace), 'has recovered', (s) => condition(s, 'PredictorReady')?.startsWith('False') === false);
  });

  test('when the API server refuses a child, in its words, and recovers when it no longer does', async () => {
    const { api } = await cluster.controller({ namespaces: [namespace] });
    api.before = ({ verb, kind }) => {
      if (verb === 'apply' && kind === 'Deployment') {
        throw new KubeApiError({ request: 'PATCH', statusCode: 403, reason: 'Forbidden', message: 'exceeded quota: compute' });
      }
    };
    await cluster.api.create(iris(namespace));
    const service = await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'PredictorReady')?.startsWith('False') === true);
    expect(condition(service, 'PredictorReady')).toBe('False ReconcileFailed Deployment iris-predictor: exceeded quota: compute');
    api.before = () => {};
    await cluster.eventually(deploymentRef(namespace), 'appears');
    await cluster.eventually(irisRef(namespace), 'has recovered', (s) => condition(s, 'PredictorReady')?.startsWith('False') === false);
  });
});

test('the platform config is read again when it changes', async () => {
  const config = (domain: string): KubeObject => ({
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: CONFIG_MAP_NAME, namespace },
    data: { ingress: JSON.stringify({ enableGatewayApi: true, ingressDomain: domain }), deploy: '{"defaultDeploymentMode":"RawDeployment"}' },
  });
  await cluster.api.create(config('one.test'));
  await cluster.controller({ namespaces: [namespace], namespace });
  await cluster.api.create(iris(namespace));
  const route = rawChildren(namespace).at(-1) ?? deploymentRef(namespace);
  const hostnames = (object: KubeObject): unknown => (object['spec'] as { hostnames?: unknown }).hostnames;
  await cluster.eventually(route, 'has the first host', (r) => JSON.stringify(hostnames(r)) === `["iris-${namespace}.one.test"]`);
  await cluster.api.apply(config('two.test'), { fieldManager: 'test', force: true });
  await cluster.eventually(route, 'has the second host', (r) => JSON.stringify(hostnames(r)) === `["iris-${namespace}.two.test"]`);
});

describe('a canary in raw mode that becomes the stable version', () => {
  test('is told of, and its Deployment stays', async () => {
    await cluster.controller({ namespaces: [namespace] });
    const next = { name: 'next', model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/next' } };
    const nextRef = { ...deploymentRef(namespace), name: 'iris-next-predictor' };
    await cluster.api.create(iris(namespace));
    await cluster.api.mergePatch(irisRef(namespace), { spec: { canary: [{ predictor: next, trafficPercent: 10 }] } });
    await cluster.eventually(nextRef, 'appears');
    await makeReady(cluster.api, [nextRef]);
    await cluster.eventually(irisRef(namespace), 'records the canary', (s) => JSON.stringify((s['status'] as InferenceServiceStatus | undefined)?.canaryStatuses) === '[{"name":"next","ready":true,"trafficPercent":10}]');
    const before = await cluster.api.get(nextRef);
    await cluster.api.mergePatch(irisRef(namespace), { spec: { canary: null, predictor: next } });
    await cluster.gone(deploymentRef(namespace));
    const events = { apiVersion: 'v1', kind: 'Event', plural: 'events', namespaced: true };
    const told = "CanaryPromoted: the predictor's canary next is the stable version, after 10 %";
    await until('an event tells', async () => (await cluster.api.list(events, { namespace })).items.some((e) => `${String(e['reason'])}: ${String(e['message'])}` === told));
    expect((await cluster.api.get(nextRef))?.metadata.uid).toBe(before?.metadata.uid);
  });
});
