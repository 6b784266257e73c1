import { Handovers } from '../../src/gateway/handovers';
import { ManualClock } from '../support/manual-clock';
import { ask, deployment, serverContainer, service, startTestCluster, untilAvailable } from '../support/machinery';
import { until } from '../../../../test/support/until';

test('a name is waited for from the change on, and not for ever', async () => {
  const clock = new ManualClock();
  const handovers = new Handovers(clock);
  const looked: string[] = [];
  handovers.began(['a'], clock.now());
  await clock.advance(1000);
  expect([handovers.patienceMs('a'), handovers.patienceMs('b')]).toEqual([2000, 0]);
  handovers.wait(2000, () => looked.push('changed'));
  handovers.changed();
  expect([looked, clock.waits]).toEqual([['changed'], []]);
  handovers.wait(handovers.patienceMs('a'), () => looked.push('up'));
  await clock.advance(2000);
  expect([looked, handovers.patienceMs('a')]).toEqual([['changed', 'up'], 0]);
});

test('requests for a Service that is made anew wait for its pods; those for one that went for good are told', async () => {
  const cluster = await startTestCluster();
  try {
    const call = (): Promise<{ readonly status: number }> => ask(cluster.gatewayPort, 'blue.default');
    await cluster.api.create(deployment('blue', serverContainer('blue')));
    await cluster.api.create(service('blue'));
    await untilAvailable(cluster, 'blue');
    await until('it answers', async () => (await call()).status === 200);
    const ref = { apiVersion: 'v1', kind: 'Service', name: 'blue', namespace: 'default' };
    await cluster.api.delete(ref);
    const waiting = call();
    await cluster.api.create(service('blue'));
    expect((await waiting).status).toBe(200);
    expect((await call()).status).toBe(200);
    await cluster.api.delete(ref);
    await until('the gateway says that nobody has the name', async () => (await call()).status === 404);
  } finally {
    await cluster.stop();
  }
});
