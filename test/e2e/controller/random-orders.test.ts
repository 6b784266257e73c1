import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { TestCluster } from './support/cluster';
import { condition, deploymentRef, iris, irisRef, knativeRef, makeChildrenReady, rawChildren } from './support/iris';
import { randomOf } from './support/random';
import { until } from './support/until';

/** `ISVC_RANDOM_SEEDS=1,2,3` runs these, and `ISVC_RANDOM_STEPS` more steps of each. */
const SEEDS = (process.env['ISVC_RANDOM_SEEDS'] ?? '1,2,3').split(',').map(Number);
const STEPS = Number(process.env['ISVC_RANDOM_STEPS'] ?? 25);

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.start();
});

afterEach(() => cluster.stopControllers());
afterAll(() => cluster.stop());

/** All that may belong to a service called iris, in either mode and with every component. */
function everyChild(namespace: string): readonly ObjectRef[] {
  return [
    ...rawChildren(namespace), knativeRef(namespace),
    ...rawChildren(namespace).slice(0, 4).map((ref) => ({ ...ref, name: 'iris-transformer' })), { ...knativeRef(namespace), name: 'iris-transformer' },
    ...rawChildren(namespace).slice(0, 3).map((ref) => ({ ...ref, name: 'iris-next-predictor' })),
  ];
}

type Step = (namespace: string, random: () => number) => Promise<unknown>;

const spec = (namespace: string, patch: object): Promise<unknown> => cluster.api.mergePatch(irisRef(namespace), { spec: patch });
const annotate = (namespace: string, annotations: object): Promise<unknown> => cluster.api.mergePatch(irisRef(namespace), { metadata: { annotations } });

async function ifThere(ref: ObjectRef, change: (object: KubeObject) => Promise<unknown>): Promise<unknown> {
  const object = await cluster.api.get(ref);
  return object && change(object).catch(() => undefined); // Gone or changed meanwhile: that, too, is an order of events.
}

const STEPS_BY_NAME: Readonly<Record<string, Step>> = {
  'scale up': (ns, random) => spec(ns, { predictor: { maxReplicas: 1 + Math.floor(random() * 5) } }),
  'add a transformer': (ns) => spec(ns, { transformer: { containers: [{ name: 'kserve-container', image: 'my/t:1' }] } }),
  'drop the transformer': (ns) => spec(ns, { transformer: null }),
  'add a canary': (ns, random) => spec(ns, { canary: [{ predictor: { name: 'next', model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/next' } }, trafficPercent: Math.floor(random() * 101) }] }),
  'drop the canary': (ns) => spec(ns, { canary: null }),
  'become serverless': (ns) => annotate(ns, { 'serving.kserve.io/deploymentMode': 'Serverless' }),
  'become raw': (ns) => annotate(ns, { 'serving.kserve.io/deploymentMode': 'RawDeployment' }),
  'stop': (ns) => annotate(ns, { 'serving.kserve.io/stop': 'true' }),
  'go on': (ns) => annotate(ns, { 'serving.kserve.io/stop': null }),
  'ask for what cannot be': (ns) => spec(ns, { predictor: { model: { modelFormat: { name: 'cobol' } } } }),
  'ask for what can be': (ns) => spec(ns, { predictor: { model: { modelFormat: { name: 'sklearn' } } } }),
  'children become ready': (ns) => makeChildrenReady(cluster.api, ns).catch(() => undefined),
  'Knative becomes ready': (ns) => ifThere(knativeRef(ns), (o) => cluster.api.replaceStatus({ ...o, status: { observedGeneration: o.metadata.generation ?? 1, conditions: ['Ready', 'RoutesReady', 'ConfigurationsReady'].map((type) => ({ type, status: 'True' })) } })),
  'a Deployment fails': (ns) => ifThere(deploymentRef(ns), (o) => cluster.api.replaceStatus({ ...o, status: { observedGeneration: o.metadata.generation ?? 1, conditions: [{ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'x' }] } })),
  'a child is deleted by hand': (ns, random) => {
    const refs = everyChild(ns);
    return cluster.api.delete(refs[Math.floor(random() * refs.length)] ?? deploymentRef(ns));
  },
  'a child is edited by hand': (ns) => ifThere(deploymentRef(ns), () => cluster.api.mergePatch(deploymentRef(ns), { metadata: { labels: { app: 'hijacked' } } })),
};

/** Brings every child of the end state up. */
async function settle(namespace: string): Promise<boolean> {
  await makeChildrenReady(cluster.api, namespace).catch(() => undefined);
  return condition(await cluster.api.get(irisRef(namespace)), 'Ready') === 'True';
}

describe('whatever the order of events', () => {
  test.each(SEEDS)('seed %i: the service ends Ready, with its children and no other', async (seed) => {
    const random = randomOf(seed);
    const namespace = await cluster.namespace();
    await cluster.api.create(iris(namespace));
    let running = await cluster.controller({ namespaces: [namespace], statusSettleMs: 20 });
    const names = Object.keys(STEPS_BY_NAME);
    const history: string[] = [];
    for (let i = 0; i < STEPS; i++) {
      const name = names[Math.floor(random() * names.length)] ?? '';
      history.push(name);
      await STEPS_BY_NAME[name]?.(namespace, random);
      if (random() < 0.1) {
        history.push('controller restarts');
        await running.controller.stop();
        running = await cluster.controller({ namespaces: [namespace], statusSettleMs: 20 });
      }
      if (random() < 0.5) await new Promise((resolve) => setImmediate(resolve));
    }
    try {
      await spec(namespace, { transformer: null, canary: null, predictor: { model: { modelFormat: { name: 'sklearn' } } } });
      await annotate(namespace, { 'serving.kserve.io/deploymentMode': 'RawDeployment', 'serving.kserve.io/stop': null });
      await until('the service is ready', () => settle(namespace));
      const wanted = new Set(rawChildren(namespace).map((r) => `${r.kind}/${r.apiVersion}/${r.name}`));
      for (const ref of everyChild(namespace)) {
        if (!wanted.has(`${ref.kind}/${ref.apiVersion}/${ref.name}`)) await cluster.gone(ref);
      }
      await cluster.quiet(running.controller, running.api);
      const route = await cluster.api.get({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', name: 'iris', namespace });
      const { rules } = route?.['spec'] as { rules: { backendRefs: { weight?: number }[] }[] };
      for (const { backendRefs } of rules) expect(backendRefs.length === 1 || backendRefs.reduce((sum, b) => sum + (b.weight ?? 0), 0) === 100).toBe(true);
      const service = await cluster.api.get(irisRef(namespace));
      expect(service?.['status']).toMatchObject({ observedGeneration: service?.metadata.generation });
      expect(condition(service, 'Servable')).toBe('True');
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}\nafter: ${history.join(', ')}`, { cause: error });
    }
  });
});
