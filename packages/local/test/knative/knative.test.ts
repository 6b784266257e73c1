import type { Container, KubeObject } from 'cdk8s-kserve/api';
import { conditionOf } from '../../src/reconciling/conditions';
import type { KnativeService } from '../../src/knative/types';
import type { MachineryOptions } from '../../src/cluster/start-machinery';
import { ask, serverContainer, startTestCluster, type Answer, type TestCluster } from '../support/machinery';
import { scriptContainer } from '../support/pods';
import { until } from '../../../../test/support/until';

const HOST = 'iris.default.example.com';
let cluster: TestCluster;

async function start(options: MachineryOptions = {}): Promise<void> {
  cluster = await startTestCluster({ autoscaler: { tickMs: 20, windowMs: 60_000 }, ...options });
}
afterEach(() => cluster.stop());

interface KsvcFields {
  readonly annotations?: Record<string, string>;
  readonly traffic?: readonly object[];
  readonly spec?: object;
}

function knativeService(container: Container, { annotations = {}, traffic, spec }: KsvcFields = {}): KubeObject {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'iris', namespace: 'default' },
    spec: { template: { metadata: { annotations }, spec: { terminationGracePeriodSeconds: 2, containers: [container], ...spec } }, ...(traffic ? { traffic } : {}) },
  };
}

async function getService(): Promise<KnativeService | undefined> {
  return (await cluster.get('serving.knative.dev/v1', 'Service', 'iris')) as KnativeService | undefined;
}

/** Waits until the service is Ready for the spec it has now. */
function untilReady(revision: string): Promise<Record<string, unknown>> {
  return until(`the service is ready with ${revision}`, async () => {
    const live = await getService();
    const status = live?.status as Record<string, unknown> | undefined;
    const fresh = status?.['observedGeneration'] === live?.metadata.generation && status?.['latestReadyRevisionName'] === revision;
    return fresh && conditionOf(live, 'Ready')?.status === 'True' ? status : undefined;
  });
}

async function update(service: KubeObject): Promise<void> {
  const live = await getService();
  await cluster.api.replace({ ...service, metadata: { ...live?.metadata, ...service.metadata, resourceVersion: live?.metadata.resourceVersion ?? '' }, status: live?.status });
}

const askMany = (count: number, host = HOST): Promise<Answer[]> => Promise.all(Array.from({ length: count }, () => ask(cluster.gatewayPort, host)));

function countNames(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { body } of answers) counts[body.name ?? ''] = (counts[body.name ?? ''] ?? 0) + 1;
  return counts;
}

const podCount = async (): Promise<number> => (await cluster.list('Pod')).filter((p) => !p.metadata.deletionTimestamp).length;

test('a service gets a revision, a url and an answer', async () => {
  await start();
  await cluster.api.create(knativeService(serverContainer('one'), { annotations: { 'autoscaling.knative.dev/min-scale': '1' } }));
  const status = await untilReady('iris-00001');
  expect(status).toMatchObject({
    url: `http://${HOST}`,
    address: { url: 'http://iris.default.svc.cluster.local' },
    latestCreatedRevisionName: 'iris-00001',
    traffic: [{ latestRevision: true, percent: 100, revisionName: 'iris-00001' }],
  });
  expect((status['conditions'] as { type: string; status: string }[]).map((c) => `${c.type}=${c.status}`)).toEqual(['ConfigurationsReady=True', 'Ready=True', 'RoutesReady=True']);
  expect((await ask(cluster.gatewayPort, HOST)).body.name).toBe('one');
  expect((await ask(cluster.gatewayPort, 'iris.default.svc.cluster.local')).body.name).toBe('one');
});

test('a new template is a new revision; traffic is shared by percent and reached by tag', async () => {
  await start();
  const annotations = { 'autoscaling.knative.dev/min-scale': '1' };
  await cluster.api.create(knativeService(serverContainer('one'), { annotations }));
  await untilReady('iris-00001');
  const traffic = [{ latestRevision: true, percent: 20, tag: 'latest' }, { revisionName: 'iris-00001', percent: 80, tag: 'prev' }];
  await update(knativeService(serverContainer('two'), { annotations, traffic }));
  await untilReady('iris-00002');
  expect(countNames(await askMany(50))).toEqual({ one: 40, two: 10 });
  expect(countNames(await askMany(3, `latest-${HOST}`))).toEqual({ two: 3 });
  expect(countNames(await askMany(3, `prev-${HOST}`))).toEqual({ one: 3 });
});

test('a revision that fails is told, and the one before goes on serving', async () => {
  await start();
  await cluster.api.create(knativeService(serverContainer('one'), { annotations: { 'autoscaling.knative.dev/min-scale': '1' } }));
  await untilReady('iris-00001');
  await update(knativeService(scriptContainer('console.log("no such model"); process.exit(3)', { terminationMessagePolicy: 'FallbackToLogsOnError' })));
  const failed = await until('the failure is told', async () => {
    const condition = conditionOf(await getService(), 'ConfigurationsReady');
    return condition?.status === 'False' ? condition : undefined;
  });
  expect(failed).toMatchObject({ reason: 'RevisionFailed', message: expect.stringContaining('Revision "iris-00002" failed with message: Container failed with: no such model') as string });
  expect((await getService())?.status).toMatchObject({ latestCreatedRevisionName: 'iris-00002', latestReadyRevisionName: 'iris-00001' });
  expect((await ask(cluster.gatewayPort, HOST)).body.name).toBe('one');
});

test('an idle service is scaled to zero and comes back for the next request, without losing one', async () => {
  await start({ autoscaler: { tickMs: 20, windowMs: 300 } });
  await cluster.api.create(knativeService(serverContainer('one'), { annotations: { 'autoscaling.knative.dev/min-scale': '0' } }));
  await untilReady('iris-00001');
  await until('no pod is left', async () => (await cluster.list('Pod')).length === 0);
  expect(conditionOf(await getService(), 'Ready')?.status).toBe('True');
  const revision = await until('the revision is told to be idle', async () => {
    const live = await cluster.get('serving.knative.dev/v1', 'Revision', 'iris-00001');
    return conditionOf(live, 'Active')?.status === 'False' ? live : undefined;
  });
  expect(conditionOf(revision, 'Active')?.reason).toBe('NoTraffic');
  const answers = await askMany(5);
  expect(answers.map((a) => [a.status, a.body.name])).toEqual(Array.from({ length: 5 }, () => [200, 'one']));
});

test('a request for a revision that never gets ready is a 504 that says so', async () => {
  await start({ autoscaler: { tickMs: 20, windowMs: 100 }, activationTimeoutMs: 200 });
  const annotations = { 'autoscaling.knative.dev/min-scale': '0', 'autoscaling.knative.dev/initial-scale': '0' };
  await cluster.api.create(knativeService(scriptContainer('process.exit(1)'), { annotations }));
  await untilReady('iris-00001');
  const answer = await ask(cluster.gatewayPort, HOST);
  expect(answer).toMatchObject({ status: 504, body: { error: 'no pod became ready for default/iris-00001-private:80 within 200 ms' } });
});

test('pods are added for more requests at once than one may have, up to the limit, and none is sent more', async () => {
  await start({ autoscaler: { tickMs: 20, windowMs: 2000 } });
  const container = serverContainer('one', { DELAY: '600' });
  await cluster.api.create(knativeService(container, { annotations: { 'autoscaling.knative.dev/max-scale': '3' }, spec: { containerConcurrency: 1 } }));
  await untilReady('iris-00001');
  const answers = askMany(9);
  await until('three pods run', async () => (await podCount()) === 3);
  expect(countNames(await answers)).toEqual({ one: 9 });
  expect(await podCount()).toBe(3);
});

test('a service that is deleted is not found any more', async () => {
  await start();
  await cluster.api.create(knativeService(serverContainer('one')));
  await untilReady('iris-00001');
  const ref = { apiVersion: 'serving.knative.dev/v1', name: 'iris', namespace: 'default' };
  // There is no garbage collector in this API: what it would remove is removed here.
  for (const kind of ['Service', 'Configuration', 'Route']) await cluster.api.delete({ ...ref, kind });
  await until('the host is gone', async () => (await ask(cluster.gatewayPort, HOST)).status === 404);
});
