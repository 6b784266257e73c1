import type { KubeObject } from 'cdk8s-kserve/api';
import { conditionOf } from '../../src/reconciling/conditions';
import { REVISION } from '../../src/workloads/revisions';
import type { Deployment } from '../../src/workloads/types';
import { ask, deployment, httpRoute, serverContainer, service, startTestCluster, untilAvailable, type TestCluster } from '../support/machinery';
import { scriptContainer } from '../support/pods';
import { until } from '../../../../test/support/until';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.stop());

const podsOf = async (): Promise<readonly KubeObject[]> => (await cluster.list('Pod')).filter((p) => !p.metadata.deletionTimestamp);

test('a Deployment gets pods and says so in the words of Kubernetes', async () => {
  await cluster.api.create(deployment('web', serverContainer('web'), { replicas: 2 }));
  const live = await untilAvailable(cluster, 'web', 2);
  expect(live['status']).toMatchObject({ replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 });
  expect(conditionOf(live, 'Available')).toMatchObject({ status: 'True', reason: 'MinimumReplicasAvailable' });
  expect(conditionOf(live, 'Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  const [pod] = await podsOf();
  expect(pod?.metadata.labels).toMatchObject({ app: 'web', 'pod-template-hash': expect.any(String) as string });
});

test('a Deployment whose pods never get ready is not available, and stuck once its deadline is over', async () => {
  await cluster.api.create(deployment('bad', scriptContainer('setInterval(() => {}, 1000)', { readinessProbe: { tcpSocket: { port: 9 } } }), { progressDeadlineSeconds: 0 }));
  const live = await until('the deadline is over', async () => {
    const found = await cluster.get('apps/v1', 'Deployment', 'bad');
    return conditionOf(found, 'Progressing')?.status === 'False' ? found : undefined;
  });
  expect(conditionOf(live, 'Progressing')).toMatchObject({ reason: 'ProgressDeadlineExceeded' });
  expect(conditionOf(live, 'Available')).toMatchObject({ status: 'False', reason: 'MinimumReplicasUnavailable' });
});

test('events tell who made what, and a template that comes back is the newest revision', async () => {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'default' };
  const revisions = async (): Promise<readonly string[]> => (await cluster.list('ReplicaSet')).map((set) => set.metadata.annotations?.[REVISION] ?? '').sort();
  const runs = (name: string, revision: string) => until(`revision ${revision} runs ${name}`, async () => {
    const live = await cluster.get('apps/v1', 'Deployment', 'web');
    const pods = await cluster.list('Pod');
    return live?.metadata.annotations?.[REVISION] === revision && pods.length === 1 && JSON.stringify(pods).includes(`"${name}"`);
  });
  const [one, two] = ['one', 'two'].map((name) => deployment('web', serverContainer(name)) as Deployment);
  await cluster.api.create({ ...one, metadata: { ...one?.metadata, name: 'web', annotations: { 'kubernetes.io/change-cause': 'first' } } } as KubeObject);
  await runs('one', '1');
  await cluster.api.mergePatch(ref, { metadata: { annotations: { 'kubernetes.io/change-cause': 'second' } }, spec: { template: two?.spec.template } });
  await runs('two', '2');
  expect((await cluster.list('ReplicaSet')).map((set) => set.metadata.annotations?.['kubernetes.io/change-cause']).sort()).toEqual(['first', 'second']);
  await cluster.api.mergePatch(ref, { spec: { template: one?.spec.template } });
  await runs('one', '3');
  expect(await revisions()).toEqual(['2', '3']);
  const said = (await cluster.list('Event')).map((event) => `${String((event['involvedObject'] as { kind: string }).kind)} ${String(event['reason'])}`);
  expect(new Set(said)).toEqual(new Set(['Deployment ScalingReplicaSet', 'ReplicaSet SuccessfulCreate', 'ReplicaSet SuccessfulDelete', 'Pod Scheduled', 'Pod Started', 'Pod Killing']));
});

test('scaling adds and removes pods, the deleted ones are replaced', async () => {
  await cluster.api.create(deployment('web', serverContainer('web')));
  await untilAvailable(cluster, 'web', 1);
  await cluster.api.mergePatch({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'default' }, { spec: { replicas: 3 } });
  await untilAvailable(cluster, 'web', 3);
  const [victim] = await podsOf();
  await cluster.api.delete({ apiVersion: 'v1', kind: 'Pod', name: victim?.metadata.name ?? '', namespace: 'default' });
  await until('another pod has come', async () => (await podsOf()).length === 3 && !(await podsOf()).some((p) => p.metadata.uid === victim?.metadata.uid));
  await untilAvailable(cluster, 'web', 3);
  await cluster.api.mergePatch({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'default' }, { spec: { replicas: 0 } });
  await until('no pod is left', async () => (await cluster.list('Pod')).length === 0);
});

test('a rolling update loses no request', async () => {
  await cluster.api.create(deployment('web', serverContainer('one', { DELAY: '5' }), { replicas: 2 }));
  await cluster.api.create(service('web'));
  await cluster.api.create(httpRoute('web', 'web.example.com', [{ backendRefs: [{ name: 'web', port: 80 }] }]));
  await untilAvailable(cluster, 'web', 2);
  await until('the route answers', async () => (await ask(cluster.gatewayPort, 'web.example.com')).status === 200);

  const seen = new Map<string, number>();
  const failures: unknown[] = [];
  let running = true;
  const client = async (): Promise<void> => {
    while (running) {
      const answer = await ask(cluster.gatewayPort, 'web.example.com', '/', { method: 'POST', body: '{"x":1}' });
      const key = `${answer.status} ${answer.body.name}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      if (answer.status !== 200) failures.push(answer.body);
    }
  };
  const clients = Promise.all(Array.from({ length: 4 }, client));
  const next = deployment('web', serverContainer('two', { DELAY: '5' }), { replicas: 2 }) as Deployment;
  await cluster.api.mergePatch({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'default' }, { spec: { template: next.spec.template } });
  await until('only new pods are left', async () => {
    const names = (await cluster.list('Pod')).map((p) => JSON.stringify(p['spec']));
    return names.length === 2 && names.every((n) => n.includes('"two"'));
  });
  await until('the rollout is told to be over', async () => conditionOf(await cluster.get('apps/v1', 'Deployment', 'web'), 'Progressing')?.reason === 'NewReplicaSetAvailable');
  running = false;
  await clients;
  expect(failures).toEqual([]);
  expect([...seen.keys()].sort()).toEqual(['200 one', '200 two']);
});

test('an autoscaler keeps the count within its bounds and does not pretend to measure', async () => {
  await cluster.api.create(deployment('web', serverContainer('web')));
  await cluster.api.create({
    apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web', namespace: 'default' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 3 },
  });
  await untilAvailable(cluster, 'web', 2);
  const hpa = await until('its status settles', async () => {
    const found = await cluster.get('autoscaling/v2', 'HorizontalPodAutoscaler', 'web');
    return (found?.['status'] as { currentReplicas?: number } | undefined)?.currentReplicas === 2 ? found : undefined;
  });
  expect(conditionOf(hpa, 'ScalingActive')).toMatchObject({ status: 'False', reason: 'FailedGetResourceMetric' });
});
