import { refOf } from 'cdk8s-kserve/api';
import { condition, iris, irisRef, knativeRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import { describeOnKnative } from './support/on-knative';

const SERVICES = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', plural: 'inferenceservices', namespaced: true };

describeOnKnative('a serverless service on Knative', (on) => {
  const ready = (): Promise<unknown> => on.cluster.eventually(irisRef(on.namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
  const nothing = (): Promise<unknown> => until('nothing is left', async () => (await on.made()).length === 0);

  test('becomes Ready with its revision, at Knative\'s address', async () => {
    const annotations = { 'autoscaling.knative.dev/initial-scale': '2' };
    await on.cluster.api.create(iris(on.namespace, { mode: 'Serverless', predictor: { minReplicas: 2, maxReplicas: 4, scaleMetric: 'concurrency', scaleTarget: 5, timeout: 60, containerConcurrency: 2 }, annotations }));
    await ready();
    const url = `http://iris-predictor.${on.namespace}.example.com`;
    const service = await on.cluster.eventually(irisRef(on.namespace), 'is settled', (s) => condition(s, 'Progressing') === 'False Settled');
    expect(service['status']).toMatchObject({
      url, address: { url: `http://iris-predictor.${on.namespace}.svc.cluster.local` }, deploymentMode: 'Knative', modelStatus: { transitionStatus: 'UpToDate', copies: { totalCopies: 2, failedCopies: 0 } },
      components: { predictor: { url, latestCreatedRevision: 'iris-predictor-00001', latestReadyRevision: 'iris-predictor-00001', latestRolledoutRevision: 'iris-predictor-00001', traffic: [{ latestRevision: true, percent: 100 }] } },
    });
    const scaler = await on.cluster.api.get({ apiVersion: 'autoscaling.internal.knative.dev/v1alpha1', kind: 'PodAutoscaler', name: 'iris-predictor-00001', namespace: on.namespace });
    expect(scaler?.metadata.annotations).toMatchObject({
      'autoscaling.knative.dev/class': 'kpa.autoscaling.knative.dev', 'autoscaling.knative.dev/min-scale': '2', 'autoscaling.knative.dev/max-scale': '4', 'autoscaling.knative.dev/metric': 'concurrency',
      'autoscaling.knative.dev/target': '5', 'autoscaling.knative.dev/initial-scale': '2',
    });
    expect(scaler).toMatchObject({ spec: { containerConcurrency: 2, reachability: 'Reachable' } });
    expect((await on.made()).filter((object) => object.startsWith('Pod ')).length).toBe(2);
  });

  test('is left alone once it is ready, by a controller that starts anew too: what Knative added is no difference', async () => {
    await on.cluster.quiet(on.running.controller, on.running.api);
    await on.cluster.stopControllers();
    const next = await on.cluster.controller({ namespaces: [on.namespace] });
    await on.cluster.quiet(next.controller, next.api);
    expect(next.api.writes).toEqual([]);
  });

  test('stays Ready from one revision to the next, and over one that fails', async () => {
    const seen: string[] = [];
    const abort = new AbortController();
    const watched = (async () => {
      const { resourceVersion } = await on.cluster.api.list(SERVICES, { namespace: on.namespace });
      for await (const event of on.cluster.api.watch(SERVICES, { namespace: on.namespace, resourceVersion, signal: abort.signal })) {
        if (event.type === 'BOOKMARK') continue;
        seen.push(['Ready', 'Servable', 'LatestDeploymentReady'].map((type) => condition(event.object, type)?.split(' ')[0]).join(' '));
      }
    })();
    const settled = (): Promise<unknown> => on.cluster.eventually(irisRef(on.namespace), 'is settled', (s) => condition(s, 'Progressing') === 'False Settled' && s['status'] !== undefined && (s['status'] as { observedGeneration?: number }).observedGeneration === s.metadata.generation);
    await on.edit({ spec: { predictor: { model: { env: [{ name: 'VERSION', value: '2' }] } } } });
    await settled();
    await on.edit({ spec: { predictor: { model: { image: 'registry.example/broken:1' } } } });
    const failed = await on.cluster.eventually(irisRef(on.namespace), 'is given up', (s) => condition(s, 'Progressing')?.startsWith('False RevisionFailed') === true);
    expect(condition(failed, 'PredictorReady')).toMatch(/^True RevisionFailed iris-predictor-00002 answers: .*iris-predictor-00003/);
    expect(condition(failed, 'LatestDeploymentReady')).toMatch(/^False RevisionFailed/);
    expect(failed['status']).toMatchObject({ modelStatus: { transitionStatus: 'BlockedByFailedLoad', states: { activeModelState: 'Loaded', targetModelState: 'FailedToLoad' } } });
    expect(await on.shares()).toEqual({ 'iris-predictor-00002': 100 });
    await on.edit({ spec: { predictor: { model: { image: null } } } });
    await settled();
    abort.abort();
    await watched.catch(() => undefined);
    expect(new Set(seen)).toEqual(new Set(['True True True', 'True True Unknown', 'True True False']));
  });

  test('is made again when somebody deletes its Knative Service amid a canary, which then has nothing to be compared with', async () => {
    const model = { storageUri: 'pvc://models/second' };
    await on.edit({ spec: { predictor: { model } } });
    await on.cluster.eventually(irisRef(on.namespace), 'has rolled out', (s) => JSON.stringify(s['status']).includes('"latestRolledoutRevision":"iris-predictor-00005"'));
    await on.edit({ spec: { predictor: { canaryTrafficPercent: 30 } } });
    const before = await on.cluster.eventually(knativeRef(on.namespace), 'has the share', (s) => JSON.stringify(s['spec']).includes('"percent":30'));
    await on.cluster.api.delete(refOf(before));
    await on.cluster.eventually(knativeRef(on.namespace), 'is there again', (s) => s.metadata.uid !== before.metadata.uid);
    await until('all requests go to the one revision there is', async () => (await on.shares())['iris-predictor-00001'] === 100);
    await on.cluster.eventually(irisRef(on.namespace), 'is ready with it', (s) => condition(s, 'Ready') === 'True' && JSON.stringify(s['status']).includes('"latestReadyRevision":"iris-predictor-00001"'));
  });

  test('stops, leaving nothing, and starts again', async () => {
    await on.edit({ metadata: { annotations: { 'serving.kserve.io/stop': 'true' } } });
    await nothing();
    const stopped = await on.cluster.eventually(irisRef(on.namespace), 'says so', (s) => condition(s, 'Stopped') === 'True');
    expect(condition(stopped, 'Ready')).toBe('False Stopped the stop annotation is true');
    await on.edit({ metadata: { annotations: { 'serving.kserve.io/stop': null } } });
    await ready();
    expect(await on.shares()).toEqual({ 'iris-predictor-00001': 100 });
  });

  test('is deleted with all that Knative made of it', async () => {
    await on.cluster.api.delete(irisRef(on.namespace));
    await nothing();
  });

  test('is refused by Knative with the field that it does not allow, told in the status', async () => {
    await on.cluster.api.create(iris(on.namespace, { mode: 'Serverless', predictor: { hostNetwork: true } }));
    const told = await on.cluster.eventually(irisRef(on.namespace), 'tells why', (s) => condition(s, 'PredictorReady')?.includes('hostNetwork') === true);
    expect(condition(told, 'Ready')).toMatch(/^False .*must not set the field\(s\): spec\.template\.spec\.hostNetwork/);
    await on.cluster.api.delete(irisRef(on.namespace));
  });

  test('an inference graph is one more Knative Service', async () => {
    const graph = { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'InferenceGraph', name: 'pick', namespace: on.namespace };
    const nodes = { root: { routerType: 'Sequence', steps: [{ serviceUrl: 'http://one.example.com' }, { serviceUrl: 'http://two.example.com', data: '$response' }] } };
    await on.cluster.api.create({
      apiVersion: graph.apiVersion, kind: graph.kind, metadata: { name: graph.name, namespace: on.namespace, annotations: { 'serving.kserve.io/deploymentMode': 'Serverless' } }, spec: { nodes },
    });
    const made = await on.cluster.eventually(graph, 'is ready', (g) => condition(g, 'Ready') === 'True');
    expect(made['status']).toMatchObject({ url: `http://pick.${on.namespace}.example.com` });
    await on.cluster.api.delete(graph);
    await nothing();
  });
});
