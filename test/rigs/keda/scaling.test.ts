import { ANNOTATION, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import { condition, deploymentRef, iris, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import { playNode } from '../support/played-node';
import { startKeda, type Keda } from './support/keda';
import { startPrometheus, type Prometheus } from './support/prometheus';
import { countWaitingRequests, type WaitingRequests } from './support/waiting-requests';

const folder = process.env['ISVC_TEST_RIG'];
const QUERY = 'sum(requests_waiting)';

(folder ? describe : describe.skip)('a raw service that KEDA scales', () => {
  let keda: Keda;
  let node: { stop(): Promise<void> };
  let prometheus: Prometheus;
  let waiting: WaitingRequests;
  let namespace: string;

  beforeAll(async () => {
    keda = await startKeda(folder ?? '', process.env['ISVC_TEST_KUBECONFIG'] ?? '');
    node = playNode(keda.cluster.api);
    waiting = await countWaitingRequests();
    prometheus = await startPrometheus(process.env['ISVC_TEST_PROMETHEUS'] ?? '', () => Promise.resolve([waiting.target]));
    namespace = await keda.cluster.namespace();
    await keda.cluster.controller({ namespaces: [namespace] });
  });
  afterAll(async () => {
    await prometheus.stop();
    await waiting.stop();
    await node.stop();
    await keda.stop();
  });

  const ref = (apiVersion: string, kind: string, name: string): ObjectRef => ({ apiVersion, kind, name, namespace });
  const hpaRef = (name: string): ObjectRef => ref('autoscaling/v2', 'HorizontalPodAutoscaler', name);
  const scaledObjectRef = (): ObjectRef => ref('keda.sh/v1alpha1', 'ScaledObject', 'iris-predictor');
  const replicas = (deployment: KubeObject): number | undefined => (deployment['spec'] as { readonly replicas?: number }).replicas;

  async function withReplicas(count: number): Promise<void> {
    await until(`${count} replicas`, async () => {
      const deployment = await keda.cluster.api.get(deploymentRef(namespace));
      return deployment && replicas(deployment) === count;
    });
  }

  test('it goes to zero while nobody waits, and comes back for the first who does', async () => {
    await until('Prometheus knows that nobody waits', async () => (await prometheus.ask(QUERY)) === 0);
    const metrics = [{ type: 'External', external: { metric: { backend: 'prometheus', serverAddress: prometheus.url, query: QUERY }, target: { type: 'Value', value: '2' } } }];
    const service = iris(namespace, { annotations: { [ANNOTATION.autoscalerClass]: 'keda' }, predictor: { minReplicas: 0, maxReplicas: 3, autoScaling: { metrics } } });
    await keda.cluster.api.create({ ...service, metadata: { ...service.metadata, labels: { 'networking.kserve.io/visibility': 'cluster-local' } } });
    await keda.cluster.eventually(scaledObjectRef(), 'is ready', (s) => condition(s, 'Ready')?.startsWith('True') === true);
    await withReplicas(0);
    const idle = await keda.cluster.eventually(irisRef(namespace), 'is ready without instances', (s) => condition(s, 'PredictorReady')?.startsWith('True ScaledToZero') === true);
    expect(condition(idle, 'Ready')).toBe('True');

    waiting.count = 2;
    await withReplicas(1);
    await keda.cluster.eventually(irisRef(namespace), 'has an instance', (s) => condition(s, 'Ready') === 'True' && condition(s, 'Servable')?.startsWith('True') === true);
    expect((await keda.cluster.api.get(hpaRef('keda-hpa-iris-predictor')))?.['spec']).toMatchObject({ minReplicas: 1, maxReplicas: 3 });
  });

  test('from KEDA to an HPA and back, never with both', async () => {
    let both = 0;
    const scaleWith = async (autoscaler: string, name: string): Promise<void> => {
      await keda.cluster.api.mergePatch(irisRef(namespace), { metadata: { annotations: { [ANNOTATION.autoscalerClass]: autoscaler } } });
      await until(`${name} is the only autoscaler`, async () => {
        const names = await autoscalers();
        if (names.length > 1) both += 1;
        return names.length === 1 && names[0] === name;
      });
    };
    waiting.count = 0;
    await keda.cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { autoScaling: null } } });
    await scaleWith('hpa', 'iris-predictor');
    await withReplicas(1);
    await scaleWith('keda', 'keda-hpa-iris-predictor');
    expect(both).toBe(0);
  });

  async function autoscalers(): Promise<readonly string[]> {
    const { items } = await keda.cluster.api.list({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', plural: 'horizontalpodautoscalers', namespaced: true }, { namespace });
    return items.map(({ metadata }) => metadata.name);
  }

  test('its deletion leaves nothing', async () => {
    await keda.cluster.api.delete(irisRef(namespace));
    for (const child of [scaledObjectRef(), hpaRef('keda-hpa-iris-predictor'), deploymentRef(namespace)]) await keda.cluster.gone(child);
  });
});
