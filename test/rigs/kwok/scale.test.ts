import { INFERENCE_SERVICE_KIND, LABEL, SERVING_RUNTIME_API, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import { condition, iris } from '../../e2e/controller/support/iris';
import { PATIENCE_MS as PATIENCE_OF_ONE_MS, until } from '../../support/until';
import { startKwok, type Kwok } from './support/kwok';

const folder = process.env['ISVC_TEST_RIG'];
const SERVICES = Number(process.env['ISVC_KWOK_SERVICES'] ?? 100);
const PATIENCE_MS = PATIENCE_OF_ONE_MS + 500 * SERVICES;
jest.setTimeout(8 * PATIENCE_MS);

(folder ? describe : describe.skip)('services whose pods a real scheduler places', () => {
  let kwok: Kwok;
  let namespace: string;

  beforeAll(async () => {
    kwok = await startKwok({ kwok: folder ?? '', scheduler: process.env['ISVC_TEST_RIG_KUBECTL'] ?? '' }, process.env['ISVC_TEST_KUBECONFIG'] ?? '');
    await kwok.addNode('large');
    namespace = await kwok.cluster.namespace();
  });
  // The writes of one controller are counted: one of the test before would do a part of its work.
  afterEach(() => kwok.cluster.stopControllers());
  afterAll(() => kwok.stop());

  const named = (name: string, predictor: object = {}): KubeObject => {
    const service = iris(namespace, { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/iris' }, ...predictor } });
    return { ...service, metadata: { ...service.metadata, name, labels: { [LABEL.rawVisibility]: 'cluster-local' } } };
  };
  const ref = (name: string): ObjectRef => ({ apiVersion: INFERENCE_SERVICE_KIND.apiVersion, kind: INFERENCE_SERVICE_KIND.kind, name, namespace });
  const services = async (): Promise<readonly KubeObject[]> => (await kwok.cluster.api.list(INFERENCE_SERVICE_KIND, { namespace })).items;

  test(`${SERVICES} in one burst: all are Ready and Servable, with fewer than 12 writes each`, async () => {
    const { api } = await kwok.cluster.controller({ namespaces: [namespace] });
    const began = Date.now();
    for (let i = 0; i < SERVICES; i++) await kwok.cluster.api.create(named(`iris-${i}`));
    await until('all are ready', async () => (await services()).filter((s) => condition(s, 'Ready') === 'True' && condition(s, 'Servable')?.startsWith('True')).length === SERVICES, PATIENCE_MS);
    const seconds = (Date.now() - began) / 1000;
    await until('the last events are told', async () => (await services()).every((s) => condition(s, 'Progressing')?.startsWith('False Settled')), PATIENCE_MS);
    const writes = api.writes.length;
    process.stdout.write(`${SERVICES} services ready in ${seconds.toFixed(1)} s, ${(writes / SERVICES).toFixed(1)} writes a service\n`);
    expect(writes).toBeLessThan(12 * SERVICES);
  });

  test(`an edit of the runtime that ${SERVICES} share: the write that rolls and two statuses each, which say that it rolls and that it has`, async () => {
    const team = (tag: string): KubeObject => ({
      apiVersion: SERVING_RUNTIME_API, kind: 'ServingRuntime', metadata: { name: 'team', namespace },
      spec: { supportedModelFormats: [{ name: 'sklearn' }], containers: [{ name: 'kserve-container', image: `team/server:${tag}` }] },
    });
    const { api, controller } = await kwok.cluster.controller({ namespaces: [namespace] });
    await kwok.cluster.api.create(team('one'));
    for (let i = 0; i < SERVICES; i++) await kwok.cluster.api.create(named(`team-${i}`, { model: { modelFormat: { name: 'sklearn' }, runtime: 'team', storageUri: 's3://models/iris' } }));
    const settled = async (): Promise<boolean> => (await services()).every((s) => condition(s, 'Progressing')?.startsWith('False Settled'));
    await until('all are settled', settled, PATIENCE_MS);
    await kwok.cluster.quiet(controller, api);
    const before = api.writes.length;
    await kwok.cluster.api.apply(team('two'), { fieldManager: 'test', force: true });
    const written = (what: string): number => api.writes.slice(before).filter((w) => w.startsWith(what)).length / SERVICES;
    // A tenth at a time, each tenth only after the one before is ready.
    await until('all have followed', async () => written('apply Deployment') >= 1 && (await settled()), 5 * PATIENCE_MS);
    await kwok.cluster.quiet(controller, api);
    process.stdout.write(`an edit of the runtime of ${SERVICES} services: ${written('apply Deployment')} Deployment and ${written('replaceStatus')} statuses written for each\n`);
    expect(written('apply Deployment')).toBe(1);
    expect(written('replaceStatus')).toBeLessThan(2.5);
  });

  test('services of four GPUs on a node of eight: the third waits, says for what, and starts on the next node', async () => {
    await kwok.cluster.controller({ namespaces: [namespace] });
    await kwok.addNode('gpu-1', { 'nvidia.com/gpu': '8' });
    const gpu = (name: string): KubeObject => named(name, { model: { modelFormat: { name: 'triton' }, storageUri: 's3://models/classifier', resources: { limits: { 'nvidia.com/gpu': '4' } } } });
    for (const name of ['gpu-a', 'gpu-b']) {
      await kwok.cluster.api.create(gpu(name));
      await kwok.cluster.eventually(ref(name), 'is ready', (s) => condition(s, 'Ready') === 'True');
    }
    await kwok.cluster.api.create(gpu('gpu-c'));
    const waiting = await kwok.cluster.eventually(ref('gpu-c'), 'says what it waits for', (s) => condition(s, 'Ready')?.includes('nvidia.com/gpu') === true);
    expect(condition(waiting, 'Ready')).toMatch(/^False Unschedulable .*Insufficient nvidia\.com\/gpu/);
    expect(condition(waiting, 'Servable')).toMatch(/^False/);
    await kwok.addNode('gpu-2', { 'nvidia.com/gpu': '8' });
    await kwok.cluster.eventually(ref('gpu-c'), 'is ready', (s) => condition(s, 'Ready') === 'True');
  });
});
