import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import type { TestCluster } from '../support/cluster';
import { deploymentRef, iris, irisRef, knativeRef, rawChildren } from '../support/iris';
import { randomOf } from '../support/random';
import type { Environment } from './environment';
import { BAD } from './fake-knative';
import { troubleOf, type Replicas } from './replicas';

export interface World {
  readonly cluster: TestCluster;
  readonly namespace: string;
  readonly environment: Environment;
  readonly replicas: Replicas;
  readonly random: () => number;
  /** Waits until the controller has nothing to do and the environment nothing to add. */
  readonly settle: () => Promise<void>;
}

export interface Step {
  readonly name: string;
  /** How often it happens, against the others. */
  readonly weight: number;
  readonly run: (world: World) => Promise<unknown>;
}

/** All that may belong to a service called iris, in either mode and with every component. */
export function everyChild(namespace: string): readonly ObjectRef[] {
  const named = (refs: readonly ObjectRef[], name: string): readonly ObjectRef[] => refs.map((ref) => ({ ...ref, name }));
  const raw = rawChildren(namespace);
  return [...raw, knativeRef(namespace), ...named([...raw.slice(0, 4), knativeRef(namespace)], 'iris-transformer'), ...named(raw.slice(0, 3), 'iris-next-predictor')];
}

const annotate = ({ cluster, namespace }: World, annotations: object): Promise<unknown> => cluster.api.mergePatch(irisRef(namespace), { metadata: { annotations } });
const pick = <T>({ random }: World, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

/** The service may be gone, or invalid together with what came before: then the step has no effect. */
function spec({ cluster, namespace }: World, patch: object): Promise<unknown> {
  return cluster.api.mergePatch(irisRef(namespace), { spec: patch });
}

const model = (env: readonly object[] = [], format = 'sklearn'): object => ({ modelFormat: { name: format }, storageUri: 'pvc://models/iris', env });
/** Another template each time, so that pods roll. */
const version = ({ random }: World): object => ({ name: 'VERSION', value: String(Math.floor(random() * 1e6)) });
const canary = (world: World, env: readonly object[]): object => ({ canary: [{ predictor: { name: 'next', model: model([version(world), ...env]) }, trafficPercent: pick(world, [0, 10, 50, 90]) }] });

async function byHand(world: World, ref: ObjectRef, patch: (object: KubeObject) => object): Promise<void> {
  const object = await world.cluster.api.get(ref);
  if (object) await world.cluster.api.mergePatch(ref, patch(object)).catch(() => undefined);
}

const ALL: readonly (Omit<Step, 'run'> & { readonly run: (world: World) => unknown })[] = [
  { name: 'time passes', weight: 10, run: ({ environment, random }) => environment.look(() => random() < 0.7) },
  { name: 'all settles', weight: 10, run: (world) => world.settle() },
  { name: 'a new version', weight: 3, run: (world) => spec(world, { predictor: { model: model([version(world)]) } }) },
  { name: 'a new version that fails', weight: 2, run: (world) => spec(world, { predictor: { model: model([version(world), BAD]) } }) },
  { name: 'another scale', weight: 1, run: (world) => spec(world, { predictor: { maxReplicas: 1 + Math.floor(world.random() * 5) } }) },
  { name: 'a transformer', weight: 1, run: (world) => spec(world, { transformer: { containers: [{ name: 'kserve-container', image: 'my/t:1' }] } }) },
  { name: 'a transformer that fails', weight: 1, run: (world) => spec(world, { transformer: { containers: [{ name: 'kserve-container', image: 'my/t:1', env: [BAD] }] } }) },
  { name: 'no transformer', weight: 2, run: (world) => spec(world, { transformer: null }) },
  { name: 'a canary', weight: 3, run: (world) => spec(world, canary(world, [])) },
  { name: 'a canary that fails', weight: 1, run: (world) => spec(world, canary(world, [BAD])) },
  { name: 'no canary', weight: 2, run: (world) => spec(world, { canary: null }) },
  { name: 'the canary is promoted', weight: 2, run: promote },
  { name: 'the predictor has no name', weight: 1, run: (world) => spec(world, { predictor: { name: null } }) },
  { name: 'serverless mode', weight: 2, run: (world) => annotate(world, { 'serving.kserve.io/deploymentMode': 'Serverless' }) },
  { name: 'raw mode', weight: 3, run: (world) => annotate(world, { 'serving.kserve.io/deploymentMode': 'RawDeployment' }) },
  { name: 'stop', weight: 0.5, run: (world) => annotate(world, { 'serving.kserve.io/stop': 'true' }) },
  { name: 'start', weight: 2, run: (world) => annotate(world, { 'serving.kserve.io/stop': null }) },
  { name: 'a format that nobody serves', weight: 1, run: (world) => spec(world, { predictor: { model: model([], 'cobol') } }) },
  { name: 'a runtime of the namespace', weight: 1, run: (world) => world.cluster.api.apply(runtime(world), { fieldManager: 'test', force: true }) },
  { name: 'no runtime of the namespace', weight: 1, run: (world) => world.cluster.api.delete(runtimeRef(world)) },
  { name: 'a pod stops answering', weight: 2, run: ({ environment, random }) => environment.hurtPod(random, 'unready') },
  { name: 'a pod is lost', weight: 2, run: ({ environment, random }) => environment.hurtPod(random, 'gone') },
  { name: 'a child is deleted by hand', weight: 2, run: (world) => world.cluster.api.delete(pick(world, everyChild(world.namespace))) },
  { name: 'labels of a Deployment are edited by hand', weight: 1, run: (world) => byHand(world, deploymentRef(world.namespace), () => ({ metadata: { labels: { app: 'hijacked' } } })) },
  { name: 'a Service is edited by hand', weight: 1, run: (world) => byHand(world, rawChildren(world.namespace)[0] ?? deploymentRef(world.namespace), () => ({ spec: { selector: { app: 'hijacked' } } })) },
  { name: 'the service is deleted and made anew', weight: 0.5, run: recreate },
  { name: 'a replica stops', weight: 1, run: ({ replicas }) => replicas.stopOne().then(() => replicas.start()) },
  { name: 'the leader is killed', weight: 0.5, run: ({ replicas }) => replicas.killOne().then(() => replicas.start()) },
  { name: 'the API server has trouble', weight: 1, run: ({ replicas, random }) => void (replicas.fault = () => (random() < 0.3 ? troubleOf(random) : undefined)) },
  { name: 'the API server is well', weight: 2, run: ({ replicas }) => void (replicas.fault = () => undefined) },
];

const STEPS: readonly Step[] = ALL.map((step) => ({ ...step, run: async (world) => step.run(world) }));

/** As many steps in an order that the seed alone decides. */
export function orderOf(seed: number, count: number): readonly Step[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => choose(random()));
}

/** An order of one's own, by the steps' names. */
export function stepsNamed(names: readonly string[]): readonly Step[] {
  return names.map((name) => {
    const step = STEPS.find((s) => s.name === name);
    if (!step) throw new Error(`no step "${name}"; there are: ${STEPS.map((s) => s.name).join(', ')}`);
    return step;
  });
}

function choose(random: number): Step {
  let left = random * STEPS.reduce((sum, s) => sum + s.weight, 0);
  return STEPS.find((s) => (left -= s.weight) < 0) ?? (STEPS[0] as Step);
}

/** The canary's predictor becomes the stable one, as a user would write it. */
async function promote(world: World): Promise<void> {
  const service = await world.cluster.api.get(irisRef(world.namespace));
  const [entry] = ((service?.['spec'] ?? {}) as { readonly canary?: readonly { readonly predictor: object }[] }).canary ?? [];
  if (entry) await spec(world, { canary: null, predictor: entry.predictor });
}

async function recreate({ cluster, namespace }: World): Promise<void> {
  await cluster.api.delete(irisRef(namespace));
  await cluster.gone(irisRef(namespace));
  await cluster.api.create(iris(namespace));
}

function runtimeRef({ namespace }: World): ObjectRef {
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', name: 'own', namespace };
}

function runtime(world: World): KubeObject {
  const { apiVersion, kind, name, namespace } = runtimeRef(world);
  const containers = [{ name: 'kserve-container', image: `own:${Math.floor(world.random() * 3)}` }];
  return { apiVersion, kind, metadata: { name, namespace: namespace ?? '' }, spec: { supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true }], containers } };
}
