import { INFERENCE_SERVICE_API, refOf, SERVING_RUNTIME_API, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import { until } from '../../support/until';
import { cluster, namespace } from './support/each-test';
import { condition, makeReady } from './support/iris';

function many(model: object = {}): KubeObject {
  return {
    apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService',
    metadata: { name: 'many', namespace, labels: { 'networking.kserve.io/visibility': 'cluster-local' }, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, resources: { requests: { memory: '512Mi' }, limits: { memory: '512Mi' } }, ...model } } },
  };
}

function model(name: string, memory = '128Mi', inferenceService = 'many'): KubeObject {
  return {
    apiVersion: SERVING_RUNTIME_API, kind: 'TrainedModel', metadata: { name, namespace },
    spec: { inferenceService, model: { framework: 'sklearn', storageUri: `s3://models/${name}`, memory } },
  };
}

const modelRef = (name: string): ObjectRef => ({ apiVersion: SERVING_RUNTIME_API, kind: 'TrainedModel', name, namespace });
const configRef = (): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', name: 'modelconfig-many-0', namespace });
const deploymentRef = (): ObjectRef => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'many-predictor', namespace });

function listed(config: KubeObject): readonly string[] {
  const { 'models.json': text = '' } = config['data'] as Record<string, string>;
  return (JSON.parse(text) as { modelName: string }[]).map((m) => m.modelName);
}

describe('the models of a multi-model service', () => {
  test('are listed in its ConfigMap as they come and go, and no pod restarts', async () => {
    const { api, controller } = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(many());
    const deployment = await cluster.eventually(deploymentRef(), 'appears');
    expect(listed(await cluster.eventually(configRef(), 'appears'))).toEqual([]);
    await cluster.api.create(model('roses'));
    await cluster.api.create(model('iris'));
    await cluster.eventually(configRef(), 'lists both', (c) => listed(c).join() === 'iris,roses');
    await cluster.api.delete(modelRef('roses'));
    await cluster.eventually(configRef(), 'lists one', (c) => listed(c).join() === 'iris');
    await cluster.quiet(controller, api);
    expect((await cluster.api.get(deploymentRef()))?.metadata.generation).toBe(deployment.metadata.generation);
    expect(api.writes.filter((w) => w === 'apply ConfigMap modelconfig-many-0').length).toBeLessThanOrEqual(4);
  });

  test('are ready with their service, at an address of their own', async () => {
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(model('iris'));
    await cluster.eventually(modelRef('iris'), 'waits for its service', (m) => condition(m, 'Ready') === `False InferenceServiceMissing there is no InferenceService many in the namespace`);
    await cluster.api.create(many());
    await cluster.eventually(deploymentRef(), 'appears');
    await makeReady(cluster.api, [deploymentRef()]);
    const ready = await cluster.eventually(modelRef('iris'), 'is ready', (m) => condition(m, 'Ready') === 'True');
    expect(ready['status']).toMatchObject({ address: { url: `http://many-predictor.${namespace}.svc.cluster.local/v1/models/iris:predict` } });
  });

  test('are not ready while their service is not valid and cannot list them; those that it lists stay ready', async () => {
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(many());
    await cluster.api.create(model('iris'));
    await cluster.eventually(deploymentRef(), 'appears');
    await makeReady(cluster.api, [deploymentRef()]);
    await cluster.eventually(modelRef('iris'), 'is ready', (m) => condition(m, 'Ready') === 'True');
    const service = { ...deploymentRef(), apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', name: 'many' };
    await cluster.api.mergePatch(service, { spec: { predictor: { model: { modelFormat: { name: 'no-such-format' } } } } });
    await cluster.eventually(service, 'is not valid', (s) => condition(s, 'Progressing')?.startsWith('False InvalidSpec') === true);
    await cluster.api.create(model('roses'));
    const waiting = await cluster.eventually(modelRef('roses'), 'is looked at', (m) => condition(m, 'Ready') !== undefined);
    expect(condition(waiting, 'Ready')).toMatch(/^False ModelNotListed ConfigMap modelconfig-many-0, which the server reads, does not list it yet \(waits for a valid spec: .*no-such-format/);
    expect(condition(await cluster.api.get(modelRef('iris')), 'Ready')).toBe('True');
    await cluster.api.mergePatch(service, { spec: { predictor: { model: { modelFormat: { name: 'sklearn' } } } } });
    await cluster.eventually(modelRef('roses'), 'is ready', (m) => condition(m, 'Ready') === 'True');
  });

  test('are listed at once while their service waits for its turn to follow a runtime, and its pods wait on', async () => {
    const runtime = (tag: string): Promise<KubeObject> => cluster.api.apply({
      apiVersion: SERVING_RUNTIME_API, kind: 'ServingRuntime', metadata: { name: 'team', namespace },
      spec: { supportedModelFormats: [{ name: 'sklearn', autoSelect: true }], containers: [{ name: 'kserve-container', image: `team/server:${tag}` }] },
    }, { fieldManager: 'test', force: true });
    const service = (name: string): ObjectRef => ({ ...refOf(many()), name });
    const deployment = (name: string): ObjectRef => ({ ...deploymentRef(), name: `${name}-predictor` });
    const names = ['many', 'others'];
    await runtime('one');
    await cluster.controller({ namespaces: [namespace], rolloutBudget: { count: 1 }, turnPatienceMs: 0 });
    for (const name of names) await cluster.api.create({ ...many({ runtime: 'team' }), metadata: { ...many().metadata, name } });
    for (const name of names) await cluster.eventually(deployment(name), 'appears');
    await makeReady(cluster.api, names.map(deployment));
    for (const name of names) await cluster.eventually(service(name), 'is settled', (s) => condition(s, 'Progressing') === 'False Settled');
    await runtime('two');
    const waiting = await until('one waits for its turn', async () => {
      const told = await Promise.all(names.map(async (name) => condition(await cluster.api.get(service(name)), 'FollowingUpdate')));
      return names.find((_, i) => told[i]?.startsWith('False WaitsForTurn'));
    });
    const before = await cluster.api.get(deployment(waiting));
    await cluster.api.create(model('iris', '128Mi', waiting));
    await cluster.eventually(modelRef('iris'), 'is listed', (m) => condition(m, 'ModelListed') === 'True');
    expect(listed(await cluster.eventually({ ...configRef(), name: `modelconfig-${waiting}-0` }, 'is there'))).toEqual(['iris']);
    expect((await cluster.api.get(deployment(waiting)))?.metadata.generation).toBe(before?.metadata.generation);
    expect(condition(await cluster.api.get(service(waiting)), 'FollowingUpdate')).toMatch(/^False WaitsForTurn/);
  });

  test('that move to another service leave the list of the one before', async () => {
    await cluster.controller({ namespaces: [namespace] });
    const other = many();
    await cluster.api.create(many());
    await cluster.api.create({ ...other, metadata: { ...other.metadata, name: 'others' } });
    await cluster.api.create(model('iris'));
    await cluster.eventually(configRef(), 'lists it', (c) => listed(c).join() === 'iris');
    await cluster.api.mergePatch(modelRef('iris'), { spec: { inferenceService: 'others' } });
    await cluster.eventually({ ...configRef(), name: 'modelconfig-others-0' }, 'lists it', (c) => listed(c).join() === 'iris');
    await cluster.eventually(configRef(), 'lists it no more', (c) => listed(c).length === 0);
  });

  test('that do not fit into its memory say so, and load when another one goes', async () => {
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(many());
    await cluster.api.create(model('a-large', '400Mi'));
    await cluster.eventually(configRef(), 'lists the first', (c) => listed(c).join() === 'a-large');
    await cluster.api.create(model('b-small', '200Mi'));
    const refused = await cluster.eventually(modelRef('b-small'), 'is refused', (m) => condition(m, 'MemoryResourceAvailable')?.startsWith('False') === true);
    expect(condition(refused, 'MemoryResourceAvailable')).toContain('older models leave too little');
    await cluster.api.delete(modelRef('a-large'));
    await cluster.eventually(configRef(), 'lists the other', (c) => listed(c).join() === 'b-small');
    await cluster.eventually(modelRef('b-small'), 'fits', (m) => condition(m, 'MemoryResourceAvailable') === 'True');
  });

  test('of a service with a model of its own say what is wrong', async () => {
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(many({ storageUri: 'pvc://models/one' }));
    await cluster.api.create(model('iris'));
    const told = await cluster.eventually(modelRef('iris'), 'says so', (m) => condition(m, 'IsMMSPredictor')?.startsWith('False') === true);
    expect(condition(told, 'IsMMSPredictor')).toContain('remove its storageUri');
    expect(await cluster.api.get(configRef())).toBeUndefined();
  });
});
