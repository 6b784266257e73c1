import { condition, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../e2e/controller/support/until';
import { childrenOf, hostOf, irisWith, model, startRig, VERSION_1, VERSION_2, type Rig } from './support/rig';
import { SteadyLoad } from './support/steady-load';

const PATIENCE_MS = 60_000;
jest.setTimeout(2 * PATIENCE_MS);

(process.env['ISVC_TEST_RIG'] ? describe : describe.skip)('a raw service behind Traefik', () => {
  let rig: Rig;
  let namespace: string;
  let host: string;

  beforeAll(async () => {
    rig = await startRig();
    namespace = await rig.cluster.namespace();
    host = hostOf(namespace);
    await rig.cluster.controller({ namespaces: [namespace] });
  });
  afterAll(() => rig.stop());

  const canary = (trafficPercent: number, version = VERSION_2): object[] => [{ trafficPercent, predictor: { name: 'next', ...model(version) } }];
  const edit = (spec: object): Promise<unknown> => rig.cluster.api.mergePatch(irisRef(namespace), { spec });

  /** Waits until about that share of the latest answers is the second version's. */
  async function share(load: SteadyLoad, wanted: number): Promise<void> {
    await until(`${wanted} % are answered by the second version`, async () => {
      const counts = await load.next(200);
      return Math.abs(100 * (counts.get(VERSION_2.answer) ?? 0) / 200 - wanted) <= 2;
    }, PATIENCE_MS);
  }

  test('it answers by its host once it is Ready', async () => {
    await rig.cluster.api.create(irisWith(VERSION_1, namespace));
    const ready = await rig.cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    expect(ready['status']).toMatchObject({ url: `http://${host}` });
    // Traefik gathers changes for two seconds before it takes them over, which no status of a route says.
    await until('it answers', async () => (await rig.predict(host)).status === 200, 5_000);
    expect(await rig.predict(host)).toEqual({ status: 200, body: VERSION_1.answer });
    expect(await rig.predict(hostOf(namespace, 'iris-predictor'))).toEqual({ status: 200, body: VERSION_1.answer });
    expect((await rig.predict(hostOf(namespace, 'other'))).status).toBe(404);
  });

  test('a canary of 20 % gets 100 of 500 requests', async () => {
    await edit({ canary: canary(20) });
    await until('the canary answers', async () => (await rig.predict(host)).body === VERSION_2.answer, PATIENCE_MS);
    const counts = new Map<string, number>();
    for (let i = 0; i < 500; i++) {
      const { body } = await rig.predict(host);
      counts.set(body, (counts.get(body) ?? 0) + 1);
    }
    expect([counts.get(VERSION_1.answer), counts.get(VERSION_2.answer)]).toEqual([400, 100]);
  });

  test('the route goes from 20 to 50 %, to promotion and back without a failed request', async () => {
    const load = new SteadyLoad((agent) => rig.predict(host, { agent }));
    try {
      await share(load, 20);
      await edit({ canary: canary(50) });
      await share(load, 50);
      await edit({ predictor: model(VERSION_2), canary: null });
      await share(load, 100);
      await until('the canary is gone', async () => !(await childrenOf(rig.cluster, namespace)).some((child) => child.includes('next')), PATIENCE_MS);
      await edit({ canary: canary(40, VERSION_1) });
      await share(load, 60);
      await edit({ canary: null });
      await share(load, 100);
      await until('the canary is gone', async () => !(await childrenOf(rig.cluster, namespace)).some((child) => child.includes('next')), PATIENCE_MS);
      await load.next(200);
    } finally {
      await load.stop();
    }
    expect(load.failures).toEqual([]);
  });

  test('its deletion leaves nothing', async () => {
    await rig.cluster.api.delete(irisRef(namespace));
    await until('nothing is left', async () => (await childrenOf(rig.cluster, namespace)).length === 0, PATIENCE_MS);
    await until('Traefik knows no such host', async () => (await rig.predict(host)).status === 404, PATIENCE_MS);
  });
});
