import { ANNOTATION, refOf, type KubeObject } from 'cdk8s-kserve/api';
import { condition, deploymentRef, iris } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import { playNode } from '../support/played-node';
import { startKeda, type Keda } from './support/keda';
import { playMetricsAdapter, type PlayedAdapter } from './support/played-metrics-adapter';
import { playPrometheus, type PlayedPrometheus } from './support/played-prometheus';

const folder = process.env['ISVC_TEST_RIG'];
// The autoscaler looks every 15 seconds.
const PATIENCE_MS = 120_000;

(folder ? describe : describe.skip)('a raw service whose load the real autoscaler reads from KEDA', () => {
  let keda: Keda;
  let node: { stop(): Promise<void> };
  let prometheus: PlayedPrometheus;
  let adapter: PlayedAdapter;
  let namespace: string;

  beforeAll(async () => {
    keda = await startKeda(folder ?? '', process.env['ISVC_TEST_KUBECONFIG'] ?? '');
    node = playNode(keda.cluster.api);
    prometheus = await playPrometheus();
    adapter = await playMetricsAdapter(keda.system, keda.metricsService);
    for (const object of adapter.objects) await keda.cluster.api.apply(object, { fieldManager: 'test', force: true });
    namespace = await keda.cluster.namespace();
    await keda.cluster.controller({ namespaces: [namespace] });
  });
  afterAll(async () => {
    for (const object of adapter.objects) await keda.cluster.api.delete(refOf(object));
    await adapter.stop();
    await prometheus.stop();
    await node.stop();
    await keda.stop();
  });

  const hpa = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'keda-hpa-iris-predictor' };
  async function hasReplicas(count: number): Promise<KubeObject> {
    return until(`${count} replicas`, async () => {
      const deployment = await keda.cluster.api.get(deploymentRef(namespace));
      return deployment && (deployment['spec'] as { replicas?: number }).replicas === count ? deployment : undefined;
    }, PATIENCE_MS);
  }

  test('has an instance for every two that wait, as far as it may', async () => {
    prometheus.value = 2;
    const metrics = [{ type: 'External', external: { metric: { backend: 'prometheus', serverAddress: prometheus.url, query: 'sum(requests_waiting)' }, target: { type: 'Value', value: '2' } } }];
    const service = iris(namespace, { annotations: { [ANNOTATION.autoscalerClass]: 'keda' }, predictor: { minReplicas: 1, maxReplicas: 4, autoScaling: { metrics } } });
    await keda.cluster.api.create({ ...service, metadata: { ...service.metadata, labels: { 'networking.kserve.io/visibility': 'cluster-local' } } });
    await keda.cluster.eventually({ ...hpa, namespace }, 'gets the metric', (s) => condition(s, 'ScalingActive')?.startsWith('True') === true);
    await hasReplicas(1);
    prometheus.value = 5;
    await hasReplicas(3);
    prometheus.value = 100;
    await hasReplicas(4);
    expect([...adapter.metrics]).toEqual(['s0-prometheus']);
    // The autoscaler's count is nobody else's: the controller does not take it back.
    await keda.cluster.api.mergePatch({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', name: 'iris', namespace }, { metadata: { labels: { touched: 'yes' } } });
    const deployment = await until('the edit reaches the pods\' Deployment', async () => {
      const live = await keda.cluster.api.get(deploymentRef(namespace));
      return live?.metadata.labels?.['touched'] === 'yes' ? live : undefined;
    }, PATIENCE_MS);
    expect((deployment['spec'] as { replicas?: number }).replicas).toBe(4);
  });
});
