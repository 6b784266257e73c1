import { request, type Agent } from 'node:http';
import type { KubeObject } from 'cdk8s-kserve/api';
import { condition, iris, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import type { Answer } from '../../e2e/support/ask';
import { SteadyLoad } from '../../e2e/support/steady-load';
import { OWN_NETWORK } from '../support/own-network';
import { startAutoscaled, type Autoscaled } from './support/autoscaled';
import { keepHistory, type History, type Moment } from './support/history';
import { predictorOf } from './support/on-knative';

const FOLDER = process.env['ISVC_TEST_RIG'];
const REVISION = 'iris-predictor-00001';
const FLOWERS = JSON.stringify({ instances: [[5.1, 3.5, 1.4, 0.2], [6.0, 2.7, 4.1, 1.0], [6.3, 3.3, 6.0, 2.5]] });
const ANSWER = '{"predictions":[0,1,2]}';
/** How long callers take to send a body: the load is the same on any machine, since nobody computes meanwhile. */
const SENDING_MS = 500;

(FOLDER && OWN_NETWORK ? describe : describe.skip)('a serverless service that Knative\'s autoscaler scales by its load', () => {
  let rig: Autoscaled;
  let namespace: string;
  let host: string;
  let history: History | undefined;

  beforeAll(async () => {
    if (!FOLDER || !OWN_NETWORK) return;
    rig = await startAutoscaled(FOLDER, process.env['ISVC_TEST_KUBECONFIG'] ?? '', OWN_NETWORK);
    namespace = await rig.knative.cluster.namespace();
    await rig.knative.cluster.controller({ namespaces: [namespace] });
  });

  afterAll(async () => {
    await history?.stop();
    if (history) process.stdout.write(`${history.text}\n`);
    await rig?.stop();
  });

  const now = (): Moment | undefined => history?.moments.at(-1);
  const scaledTo = (pods: number): Promise<unknown> => until(`${pods} pods`, () => now()?.wanted === pods && now()?.ready === pods);
  const service = (): Promise<KubeObject | undefined> => rig.knative.cluster.api.get(irisRef(namespace));

  /** Requests that went to the activator, and those that went to pods. */
  function passed(): { readonly activator: number; readonly pods: ReadonlyMap<string, number> } {
    const pods = new Map(rig.gateway.passed);
    const activator = `${rig.activator}:8012`;
    const count = pods.get(activator) ?? 0;
    pods.delete(activator);
    return { activator: count, pods };
  }

  function predict(agent?: Agent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const call = request(new URL('/v1/models/iris:predict', rig.gateway.url), { method: 'POST', ...(agent ? { agent } : {}), headers: { host, 'content-length': FLOWERS.length } }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text)).once('end', () => resolve({ status: response.statusCode ?? 0, body })).once('error', reject);
      });
      call.once('error', reject);
      call.write(FLOWERS.slice(0, 1));
      setTimeout(() => call.end(FLOWERS.slice(1)), SENDING_MS);
    });
  }

  test('it is Ready with one pod, at an address of the pod\'s own', async () => {
    const { cluster } = rig.knative;
    const model = { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://iris-models/svc' };
    await cluster.api.create(iris(namespace, {
      // Under load requests go to the pods; Knative's default leaves the activator in between for as long as pods are few.
      mode: 'Serverless', annotations: { 'autoscaling.knative.dev/target-burst-capacity': '0' },
      predictor: { model, minReplicas: 0, maxReplicas: 3, scaleMetric: 'concurrency', scaleTarget: 2, containerConcurrency: 4 },
    }));
    const ready = await until('the service is Ready', async () => {
      const found = await service();
      return condition(found, 'Ready') === 'True' ? found : undefined;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${rig.knative.output}`);
    });
    host = new URL(predictorOf(ready).url ?? '').host;
    history = keepHistory(cluster.api, namespace, REVISION);
    const { items: [pod] } = await cluster.api.list({ apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true }, { namespace });
    expect(pod?.['status']).toMatchObject({ podIP: expect.stringMatching(/^10\.244\.\d+\.\d+$/) as string });
    expect((pod?.['spec'] as { containers: readonly { name: string }[] }).containers.map(({ name }) => name)).toEqual(['kserve-container', 'queue-proxy']);
  });

  test('without requests it goes to zero, and stays Ready and Servable: the activator answers', async () => {
    await scaledTo(0);
    // Counts may be told ten seconds late.
    const idle = await until('the status counts no copy of the model', async () => {
      const found = await service();
      const { modelStatus } = found?.['status'] as { modelStatus?: { copies?: { totalCopies: number } } };
      return modelStatus?.copies?.totalCopies === 0 ? found : undefined;
    });
    expect(['Ready', 'Servable'].map((type) => condition(idle, type))).toEqual(['True', 'True']);
    expect(now()).toMatchObject({ wanted: 0, mode: 'Proxy' });
  });

  test('a request at zero waits for a pod, and is answered', async () => {
    history?.note('a request');
    expect(await predict()).toEqual({ status: 200, body: ANSWER });
    history?.note('its answer, through the activator');
    expect(passed()).toEqual({ activator: 1, pods: new Map() });
  });

  test('under load it gets the pods it may have, and every request is answered', async () => {
    history?.note('12 callers');
    const load = new SteadyLoad({ callers: 12, ask: predict });
    try {
      await scaledTo(3);
      const before = passed().pods;
      await until('each of three pods is asked', () => [...passed().pods].filter(([pod, count]) => count > (before.get(pod) ?? 0)).length === 3);
      const { activator } = passed();
      expect([...(await load.next(60)).keys()]).toEqual([ANSWER]);
      expect(passed().activator).toBe(activator);
    } finally {
      await load.stop();
    }
    history?.note(`${load.answered} requests answered, ${load.failures.length} lost; 1 caller stays`);
    expect(load.failures).toEqual([]);
  });

  test('after the load it goes back to one pod, and no request of a caller who stays is lost, then to zero; Ready all the time', async () => {
    const load = new SteadyLoad({ callers: 1, ask: predict });
    try {
      await scaledTo(1);
      await load.next(5);
    } finally {
      await load.stop();
    }
    history?.note(`${load.answered} requests answered, ${load.failures.length} lost; no caller stays`);
    expect(load.failures).toEqual([]);
    await scaledTo(0);
    expect(history?.moments.filter(({ isReady, servable }) => isReady !== 'True' || servable !== 'True')).toEqual([]);
  });
});
