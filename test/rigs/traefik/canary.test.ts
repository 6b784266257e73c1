import { condition, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import type { SteadyLoad } from '../../e2e/support/steady-load';
import { describeOnTraefik } from './support/on-traefik';
import { hostOf, irisWith, model, VERSION_1, VERSION_2 } from './support/rig';

describeOnTraefik('a raw service behind Traefik', (on) => {
  const canary = (trafficPercent: number, version = VERSION_2): object[] => [{ trafficPercent, predictor: { name: 'next', ...model(version) } }];

  /** Waits until about that share of the latest answers is the second version's. */
  async function share(load: SteadyLoad, wanted: number): Promise<void> {
    await until(`${wanted} % are answered by the second version`, async () => {
      const counts = await load.next(200);
      return Math.abs(100 * (counts.get(VERSION_2.answer) ?? 0) / 200 - wanted) <= 2;
    });
  }

  test('it answers by its host once it is Ready', async () => {
    await on.rig.cluster.api.create(irisWith(VERSION_1, on.namespace));
    const ready = await on.rig.cluster.eventually(irisRef(on.namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    expect(ready['status']).toMatchObject({ url: `http://${on.host}` });
    // Traefik gathers changes for two seconds before it takes them over, which no status of a route says.
    await until('it answers', async () => (await on.rig.predict(on.host)).status === 200);
    expect(await on.rig.predict(on.host)).toEqual({ status: 200, body: VERSION_1.answer });
    expect(await on.rig.predict(hostOf(on.namespace, 'iris-predictor'))).toEqual({ status: 200, body: VERSION_1.answer });
    expect((await on.rig.predict(hostOf(on.namespace, 'other'))).status).toBe(404);
  });

  test('a canary of 20 % gets 100 of 500 requests', async () => {
    await on.edit({ spec: { canary: canary(20) } });
    await until('the canary answers', async () => (await on.rig.predict(on.host)).body === VERSION_2.answer);
    const counts = new Map<string, number>();
    for (let i = 0; i < 500; i++) {
      const { body } = await on.rig.predict(on.host);
      counts.set(body, (counts.get(body) ?? 0) + 1);
    }
    expect([counts.get(VERSION_1.answer), counts.get(VERSION_2.answer)]).toEqual([400, 100]);
  });

  test('the route goes from 20 to 50 %, to promotion and back without a failed request', async () => {
    const load = on.load();
    try {
      await share(load, 20);
      await on.edit({ spec: { canary: canary(50) } });
      await share(load, 50);
      await on.edit({ spec: { predictor: model(VERSION_2), canary: null } });
      await share(load, 100);
      await on.untilChildren('the canary is gone', (children) => !children.some((child) => child.includes('next')));
      await on.edit({ spec: { canary: canary(40, VERSION_1) } });
      await share(load, 60);
      await on.edit({ spec: { canary: null } });
      await share(load, 100);
      await on.untilChildren('the canary is gone', (children) => !children.some((child) => child.includes('next')));
      await load.next(200);
    } finally {
      await load.stop();
    }
    expect(load.failures).toEqual([]);
  });

  test('its deletion leaves nothing', async () => {
    await on.rig.cluster.api.delete(irisRef(on.namespace));
    await on.untilChildren('nothing is left', (children) => children.length === 0);
    await until('Traefik knows no such host', async () => (await on.rig.predict(on.host)).status === 404);
  });
});
