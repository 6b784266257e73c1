import type { RunningController } from 'cdk8s-kserve-controller';
import { TestCluster } from '../e2e/controller/support/cluster';
import { condition, deploymentRef, iris, irisRef, makeChildrenReady, rawChildren } from '../e2e/controller/support/iris';
import type { ObservedKubeApi } from '../e2e/controller/support/observed-kube-api';
import { until } from '../support/until';

const control = process.env['ISVC_TEST_CLUSTER_CONTROL'];

(control ? describe : describe.skip)('when a part of the control plane is killed', () => {
  let cluster: TestCluster;
  let namespace: string;
  let running: { readonly api: ObservedKubeApi; readonly controller: RunningController };

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });

  beforeEach(async () => {
    namespace = await cluster.namespace();
    running = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace));
    for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
    await makeChildrenReady(cluster.api, namespace);
    await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    await cluster.quiet(running.controller, running.api);
  });

  afterEach(() => cluster.stopControllers());
  afterAll(() => cluster.stop());

  /** Retries until the server is back: the test's own client meets the outage, too. */
  const persist = <T>(what: string, act: () => Promise<T>): Promise<NonNullable<T>> => until(what, () => act().catch(() => undefined) as Promise<T>);

  test.each(['kube-apiserver', 'etcd', 'kube-controller-manager'])('%s: nothing is written that need not be, and work goes on', async (name) => {
    const before = running.api.writes.length;
    const answer = await fetch(`${control ?? ''}/${name}`, { method: 'POST' });
    expect(await answer.text()).toBe('restarted\n');
    await persist('the server answers', () => cluster.api.get(irisRef(namespace)));
    await cluster.quiet(running.controller, running.api);
    expect(running.api.writes.slice(before)).toEqual([]);

    await persist('a child is deleted by hand', () => cluster.api.delete(deploymentRef(namespace)).then(() => true));
    await persist('it is made again', () => cluster.api.get(deploymentRef(namespace)));
    await makeChildrenReady(cluster.api, namespace);
    await persist('the service is ready again', async () => condition(await cluster.api.get(irisRef(namespace)), 'Ready') === 'True');
    await cluster.api.delete(irisRef(namespace));
    for (const ref of rawChildren(namespace)) await persist(`${ref.kind} ${ref.name} is gone`, async () => (await cluster.api.get(ref)) === undefined);
  });
});
