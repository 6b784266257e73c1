import type { KubeObject } from 'cdk8s-kserve/api';
import { condition, deploymentRef, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../e2e/controller/support/until';
import { childrenOf, hostOf, irisWith, ONE_ANSWER, startRig, VERSION_1, VERSION_2, type Rig } from './support/rig';
import { SteadyLoad } from './support/steady-load';

const PATIENCE_MS = 60_000;
jest.setTimeout(2 * PATIENCE_MS);

(process.env['ISVC_TEST_RIG'] ? describe : describe.skip)('changes of a raw service behind Traefik, under load', () => {
  let rig: Rig;
  let namespace: string;
  let load: SteadyLoad;
  let answer = VERSION_1.answer;

  beforeAll(async () => {
    rig = await startRig();
    namespace = await rig.cluster.namespace();
    await rig.cluster.controller({ namespaces: [namespace] });
    await rig.cluster.api.create(irisWith(VERSION_1, namespace));
    await until('it answers', async () => (await rig.predict(hostOf(namespace))).status === 200, PATIENCE_MS);
    load = new SteadyLoad((agent) => rig.predict(hostOf(namespace), { agent }));
  });
  afterAll(async () => {
    await load.stop();
    await rig.stop();
  });

  const edit = (change: object): Promise<KubeObject> => rig.cluster.api.mergePatch(irisRef(namespace), change);

  async function untilAll(answer: string): Promise<void> {
    await until(`all answers are ${answer}`, async () => (await load.next(100)).get(answer) === 100, PATIENCE_MS);
  }

  /** Only one pod of each component is left, and the service says that it follows its latest spec. */
  async function untilSettled(pods: number): Promise<void> {
    await until('the old pods are gone', async () => (await childrenOf(rig.cluster, namespace)).filter((child) => child.startsWith('Pod')).length === pods, PATIENCE_MS);
    await rig.cluster.eventually(irisRef(namespace), 'is settled', (s) => condition(s, 'Ready') === 'True' && condition(s, 'Progressing')?.startsWith('False') === true);
    await load.next(100);
  }

  test.each([
    ['another model', { spec: { predictor: { model: { storageUri: VERSION_2.storageUri } } } }, VERSION_2.answer],
    ['another variable', { spec: { predictor: { model: { env: [{ name: 'COLOUR', value: 'blue' }] } } } }, VERSION_2.answer],
    ['another label of the pods', { metadata: { labels: { team: 'flowers' } } }, VERSION_2.answer],
  ])('%s: no failed request', async (_name, change, expected) => {
    const before = (await rig.cluster.api.get(deploymentRef(namespace)))?.metadata.generation;
    await edit(change);
    await rig.cluster.eventually(deploymentRef(namespace), 'is edited', (d) => d.metadata.generation !== before);
    answer = expected;
    await untilAll(answer);
    await untilSettled(1);
    expect(load.failures).toEqual([]);
  });

  test('a transformer that comes and goes: no failed request', async () => {
    await edit({ spec: { transformer: { minReplicas: 1, maxReplicas: 1, containers: [{ name: 'kserve-container', image: ONE_ANSWER.image }] } } });
    await untilAll(ONE_ANSWER.answer);
    await untilSettled(2);
    expect(load.failures).toEqual([]);
    await edit({ spec: { transformer: null } });
    await untilAll(answer);
    await untilSettled(1);
    expect(load.failures).toEqual([]);
  });
});
