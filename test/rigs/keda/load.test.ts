import { resolve } from 'node:path';
import { ANNOTATION, type KubeObject } from 'cdk8s-kserve/api';
import { startNode, type LocalNode } from 'cdk8s-kserve-local';
import { condition, deploymentRef, iris, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import { ask } from '../../e2e/support/ask';
import { SteadyLoad } from '../../e2e/support/steady-load';
import { startKeda, type Keda } from './support/keda';
import { startPrometheus, type Prometheus } from './support/prometheus';
import { recordScaling } from './support/scaling-record';
import { servedPods, type ServedPod } from './support/served-pods';

const folder = process.env['ISVC_TEST_RIG'];
const MODELS = resolve(__dirname, '../../../examples/01-first-model/models');
const ROWS = { instances: [[6.8, 2.8, 4.8, 1.4]] };
const PER_REPLICA = 5;

(folder ? describe : describe.skip)('a raw service that scales by its requests', () => {
  let keda: Keda;
  let node: LocalNode;
  let prometheus: Prometheus;
  let namespaces: readonly [string, string];
  let pods: readonly ServedPod[] = [];
  /** What a test that fails may leave running. */
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    keda = await startKeda(folder ?? '', process.env['ISVC_TEST_KUBECONFIG'] ?? '');
    const { cluster } = keda;
    node = await startNode({ api: cluster.api, sourceMap: { 'pvc://iris-models': MODELS }, stopGraceMs: 500 });
    namespaces = [await cluster.namespace(), await cluster.namespace()];
    const [namespace] = namespaces;
    prometheus = await startPrometheus(process.env['ISVC_TEST_PROMETHEUS'] ?? '', async () => {
      pods = (await Promise.all(namespaces.map((of) => servedPods(cluster.api, of)))).flat();
      return pods.map(({ target }) => target);
    });
    const autoscaler = JSON.stringify({ scaleUpStabilizationWindowSeconds: '0', scaleDownStabilizationWindowSeconds: '0', prometheusServerAddress: prometheus.url });
    await cluster.api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace }, data: { autoscaler } });
    await cluster.controller({ namespaces, namespace });
  });
  afterAll(async () => {
    for (const each of running) await each.stop();
    await prometheus.stop();
    await node.stop();
    await keda.stop();
  });

  async function start(namespace: string, predictor: object, annotations: Record<string, string> = {}): Promise<void> {
    // As in a cluster, a server that ends answers until callers have learned of it.
    const model = { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://iris-models/svc', args: ['--drain_delay_seconds=5'] };
    const service = iris(namespace, { annotations, predictor: { model, minReplicas: 1, maxReplicas: 3, ...predictor } });
    await keda.cluster.api.create({ ...service, metadata: { ...service.metadata, labels: { 'networking.kserve.io/visibility': 'cluster-local' } } });
    await keda.cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    await until('Prometheus scrapes it', async () => (await prometheus.ask(`up{namespace="${namespace}"}`)) === 1);
    await keda.cluster.eventually({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'keda-hpa-iris-predictor', namespace }, 'gets the metric', (s) => condition(s, 'ScalingActive')?.startsWith('True') === true);
  }

  /** Requests to the pods in turn: nobody plays the addresses of Services here. */
  function load(namespace: string): SteadyLoad {
    let turn = 0;
    const next = (): string => {
      const own = pods.filter((pod) => pod.namespace === namespace);
      return own[turn++ % own.length]?.url ?? '';
    };
    const steady = new SteadyLoad({ callers: 8, pauseMs: 100, ask: (agent) => ask(next(), 'iris', '/v1/models/iris:predict', ROWS, agent) });
    running.push(steady);
    return steady;
  }

  async function hasInstances(namespace: string, count: number): Promise<KubeObject> {
    return until(`${count} instances`, async () => {
      const deployment = await keda.cluster.api.get(deploymentRef(namespace));
      const { spec, status } = deployment as unknown as { spec?: { replicas?: number }; status?: { replicas?: number; readyReplicas?: number } };
      return spec?.replicas === count && status?.replicas === count && status.readyReplicas === count ? deployment : undefined;
    });
  }

  test('on a query of its own: an instance for every five requests a second, as far as it may, and back', async () => {
    const [namespace] = namespaces;
    const query = `sum(rate(request_predict_seconds_count{namespace="${namespace}"}[10s]))`;
    const metrics = [{ type: 'External', external: { metric: { backend: 'prometheus', serverAddress: prometheus.url, query }, target: { type: 'AverageValue', value: String(PER_REPLICA) } } }];
    await start(namespace, { autoScaling: { metrics } }, { [ANNOTATION.autoscalerClass]: 'keda' });
    const record = recordScaling(keda.cluster.api, prometheus, deploymentRef(namespace), query);
    running.push(record);
    const steady = load(namespace);
    await hasInstances(namespace, 3);
    // The autoscaler's count is nobody else's: the controller does not take it back.
    await keda.cluster.api.mergePatch(irisRef(namespace), { metadata: { labels: { touched: 'yes' } } });
    await keda.cluster.eventually(deploymentRef(namespace), 'has the edit', (d) => d.metadata.labels?.['touched'] === 'yes');
    expect((await keda.cluster.api.get(deploymentRef(namespace)))?.['spec']).toMatchObject({ replicas: 3 });
    await steady.stop();
    expect(steady.failures).toEqual([]);

    await hasInstances(namespace, 1);
    await record.stop();
    process.stdout.write(`${steady.answered} requests answered\n${record.lines.join('\n')}\n`);
  });

  test('on scaleMetric rps, by the query that is rendered for it', async () => {
    const [, namespace] = namespaces;
    await start(namespace, { scaleMetric: 'rps', scaleTarget: PER_REPLICA });
    const scaledObject = await keda.cluster.eventually({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'iris-predictor', namespace }, 'is ready', (s) => condition(s, 'Ready')?.startsWith('True') === true);
    const [trigger] = (scaledObject['spec'] as { triggers: readonly { metadata: { query: string } }[] }).triggers;
    const steady = load(namespace);
    await hasInstances(namespace, 3);
    await steady.stop();
    expect(steady.failures).toEqual([]);
    expect(await prometheus.ask(trigger?.metadata.query ?? '')).toBeGreaterThan(2 * PER_REPLICA);
  });
});
