import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { startNode, type LocalNode } from 'cdk8s-kserve-local';
import { TestCluster } from '../e2e/controller/support/cluster';
import { condition, deploymentRef, iris, irisRef } from '../e2e/controller/support/iris';
import { until } from '../support/until';

const MODELS = resolve(__dirname, '../../examples/01-first-model/models');
const ROWS = { instances: [[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6]] };

(process.env['ISVC_TEST_CLUSTER_WORKLOADS'] === 'real' ? describe : describe.skip)('a service whose pods run, on real controllers', () => {
  let cluster: TestCluster;
  let namespace: string;
  let node: LocalNode;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isvc-predictions-'));
    await mkdir(join(folder, 'svc'));
    await writeFile(join(folder, 'svc/model.joblib'), 'no pickle');
    cluster = await TestCluster.start();
    namespace = await cluster.namespace();
    node = await startNode({ api: cluster.api, sourceMap: { 'pvc://iris-models': MODELS, 'pvc://iris-models-2': MODELS, 'pvc://broken': folder }, stopGraceMs: 500 });
    await cluster.controller({ namespaces: [namespace] });
  });

  afterAll(async () => {
    await node.stop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function pods(): Promise<readonly KubeObject[]> {
    return (await cluster.api.list({ apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true }, { namespace })).items;
  }

  /** Asks the pods of the service, which have no Service in front of them here. */
  async function predict(): Promise<readonly unknown[]> {
    const living = (await pods()).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    return Promise.all(living.map(async (pod) => {
      const ports = JSON.parse(pod.metadata.annotations?.['local.cdk8s-kserve.io/ports'] ?? '{}') as Record<string, number>;
      const answer = await fetch(`http://127.0.0.1:${ports['8080'] ?? 0}/v1/models/iris:predict`, { method: 'POST', body: JSON.stringify(ROWS) });
      return answer.json();
    }));
  }

  test('it is Ready by what the real Deployment says, and predicts', async () => {
    const model = { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://iris-models/svc' };
    const service = iris(namespace, { predictor: { model, minReplicas: 1, maxReplicas: 1 } });
    // Without a route, nobody has to play a gateway.
    await cluster.api.create({ ...service, metadata: { ...service.metadata, labels: { 'networking.kserve.io/visibility': 'cluster-local' } } });
    const ready = await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    expect(condition(ready, 'Servable')).toMatch(/^True/);
    expect(ready['status']).toMatchObject({ modelStatus: { transitionStatus: 'UpToDate', states: { activeModelState: 'Loaded' } } });
    expect((await cluster.api.get(deploymentRef(namespace)))?.['status']).toMatchObject({ availableReplicas: 1, updatedReplicas: 1 });
    expect(await predict()).toEqual([{ predictions: [1, 1] }]);
    const [pod] = await pods();
    expect(pod).toMatchObject({ spec: { nodeName: 'local' }, status: { phase: 'Running', qosClass: 'Guaranteed' } });
  });

  test('an edit rolls out by the real Deployment controller, Ready all the while', async () => {
    const before = (await pods()).map((pod) => pod.metadata.name);
    let lost = 0;
    await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { model: { storageUri: 'pvc://iris-models-2/svc' } } } });
    await until('only a new pod is left', async () => {
      if (!condition(await cluster.api.get(irisRef(namespace)), 'Servable')?.startsWith('True')) lost += 1;
      const now = await pods();
      return now.length === 1 && !before.includes(now[0]?.metadata.name ?? '');
    });
    expect(lost).toBe(0);
    await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    expect(await predict()).toEqual([{ predictions: [1, 1] }]);
  });

  test('a model that cannot be read is told with its cause, while the old one goes on', async () => {
    await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { model: { storageUri: 'pvc://broken/svc' } } } });
    const told = await cluster.eventually(irisRef(namespace), 'tells the failure', (s) => {
      const { modelStatus } = s['status'] as { modelStatus?: { transitionStatus?: string } };
      return modelStatus?.transitionStatus === 'BlockedByFailedLoad';
    });
    expect(condition(told, 'Servable')).toMatch(/^True/);
    expect(JSON.stringify(told['status'])).toContain('model.joblib');
    expect(node.pids.length).toBeGreaterThan(0);
    await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { model: { storageUri: 'pvc://iris-models/svc' } } } });
    await cluster.eventually(irisRef(namespace), 'is up to date', (s) => (s['status'] as { modelStatus?: { transitionStatus?: string } }).modelStatus?.transitionStatus === 'UpToDate');
  });

  test('a Deployment with another selector hands its pods over: one answers at any time', async () => {
    await cluster.stopControllers();
    const { apiVersion, kind, metadata, ...rest } = await cluster.eventually(deploymentRef(namespace), 'is there');
    await cluster.api.delete(deploymentRef(namespace));
    await until('its pods are gone', async () => (await pods()).length === 0);
    const { name, labels = {}, ownerReferences = [] } = metadata;
    const spec = rest['spec'] as { selector: { matchLabels: object }; template: { metadata: { labels: object } } };
    const era = (given: object): object => ({ ...given, era: 'old' });
    const template = { ...spec.template, metadata: { ...spec.template.metadata, labels: era(spec.template.metadata.labels) } };
    const old = await cluster.api.create({ apiVersion, kind, metadata: { name, namespace, labels, ownerReferences }, spec: { ...spec, selector: { matchLabels: era(spec.selector.matchLabels) }, template } });
    const available = (deployment: KubeObject): boolean => (deployment['status'] as { availableReplicas?: number } | undefined)?.availableReplicas === 1;
    await cluster.eventually(deploymentRef(namespace), 'is available', available);

    await cluster.controller({ namespaces: [namespace] });
    let unanswered = 0;
    await until('the new Deployment serves alone', async () => {
      const all = await pods();
      if (!all.some((pod) => condition(pod, 'Ready') === 'True')) unanswered += 1;
      const made = await cluster.api.get(deploymentRef(namespace));
      return made && made.metadata.uid !== old.metadata.uid && available(made) && all.length === 1 && all[0]?.metadata.labels?.['era'] === undefined;
    });
    expect(unanswered).toBe(0);
    await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    expect(await predict()).toEqual([{ predictions: [1, 1] }]);
  });

  test('its deletion ends the processes, by real garbage collection', async () => {
    await cluster.api.delete(irisRef(namespace));
    await until('no pod and no process is left', async () => (await pods()).length === 0 && node.pids.length === 0);
  });
});
