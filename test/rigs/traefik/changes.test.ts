import { condition, deploymentRef, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import type { SteadyLoad } from '../../e2e/support/steady-load';
import { describeOnTraefik } from './support/on-traefik';
import { irisWith, ONE_ANSWER, VERSION_1, VERSION_2 } from './support/rig';

describeOnTraefik('changes of a raw service behind Traefik, under load', (on) => {
  let load: SteadyLoad;
  let answer = VERSION_1.answer;

  beforeAll(async () => {
    await on.rig.cluster.api.create(irisWith(VERSION_1, on.namespace));
    await until('it answers', async () => (await on.rig.predict(on.host)).status === 200);
    load = on.load();
  });
  afterAll(() => load.stop());

  async function untilAll(answer: string): Promise<void> {
    await until(`all answers are ${answer}`, async () => (await load.next(100)).get(answer) === 100);
  }

  /** Only one pod of each component is left, and the service says that it follows its latest spec. */
  async function untilSettled(pods: number): Promise<void> {
    await on.untilChildren('the old pods are gone', (children) => children.filter((child) => child.startsWith('Pod')).length === pods);
    await on.rig.cluster.eventually(irisRef(on.namespace), 'is settled', (s) => condition(s, 'Ready') === 'True' && condition(s, 'Progressing')?.startsWith('False') === true);
    await load.next(100);
  }

  test.each([
    ['another model', { spec: { predictor: { model: { storageUri: VERSION_2.storageUri } } } }, VERSION_2.answer],
    ['another variable', { spec: { predictor: { model: { env: [{ name: 'COLOUR', value: 'blue' }] } } } }, VERSION_2.answer],
    ['another label of the pods', { metadata: { labels: { team: 'flowers' } } }, VERSION_2.answer],
  ])('%s: no failed request', async (_name, change, expected) => {
    const before = (await on.rig.cluster.api.get(deploymentRef(on.namespace)))?.metadata.generation;
    await on.edit(change);
    await on.rig.cluster.eventually(deploymentRef(on.namespace), 'is edited', (d) => d.metadata.generation !== before);
    answer = expected;
    await untilAll(answer);
    await untilSettled(1);
    expect(load.failures).toEqual([]);
  });

  test('a transformer that comes and goes: no failed request', async () => {
    await on.edit({ spec: { transformer: { minReplicas: 1, maxReplicas: 1, containers: [{ name: 'kserve-container', image: ONE_ANSWER.image }] } } });
    await untilAll(ONE_ANSWER.answer);
    await untilSettled(2);
    expect(load.failures).toEqual([]);
    await on.edit({ spec: { transformer: null } });
    await untilAll(answer);
    await untilSettled(1);
    expect(load.failures).toEqual([]);
  });
});
