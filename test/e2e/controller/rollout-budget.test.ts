import { INFERENCE_SERVICE_API, SERVING_RUNTIME_API, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import type { ControllerOptions } from 'cdk8s-kserve-controller';
import { cluster, namespace } from './support/each-test';
import { condition, makeReady } from './support/iris';
import { until } from '../../support/until';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

beforeEach(() => cluster.api.create(runtime('one')));

function runtime(tag: string): KubeObject {
  return {
    apiVersion: SERVING_RUNTIME_API, kind: 'ServingRuntime', metadata: { name: 'team', namespace },
    spec: { supportedModelFormats: [{ name: 'sklearn', autoSelect: true }], containers: [{ name: 'kserve-container', image: `team/server:${tag}` }] },
  };
}

function service(name: string, annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService',
    metadata: { name, namespace, labels: { 'networking.kserve.io/visibility': 'cluster-local' }, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment', ...annotations } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, runtime: 'team', storageUri: 'pvc://models/m' } } },
  };
}

const serviceRef = (name: string): ObjectRef => ({ apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', name, namespace });
const deploymentRef = (name: string): ObjectRef => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: `${name}-predictor`, namespace });

async function tagOf(name: string): Promise<string | undefined> {
  const deployment = await cluster.api.get(deploymentRef(name));
  const spec = deployment?.['spec'] as { template: { spec: { containers: { image: string }[] } } } | undefined;
  return spec?.template.spec.containers[0]?.image.split(':')[1];
}

async function withTag(tag: string): Promise<readonly string[]> {
  const tags = await Promise.all(NAMES.map(tagOf));
  return NAMES.filter((_, i) => tags[i] === tag);
}

/** Five services that are ready on the first version of their runtime; whoever waits says so at once, unless told otherwise. */
async function fiveReady(options: Partial<ControllerOptions>, annotations: Record<string, Record<string, string>> = {}): ReturnType<typeof cluster.controller> {
  const started = await cluster.controller({ namespaces: [namespace], turnPatienceMs: 0, ...options });
  for (const name of NAMES) await cluster.api.create(service(name, annotations[name]));
  for (const name of NAMES) await cluster.eventually(deploymentRef(name), 'appears');
  await makeReady(cluster.api, NAMES.map(deploymentRef));
  for (const name of NAMES) await cluster.eventually(serviceRef(name), 'is settled', (s) => condition(s, 'Ready') === 'True' && condition(s, 'Progressing')?.startsWith('False') === true);
  return started;
}

async function editRuntime(): Promise<void> {
  await cluster.api.apply(runtime('two'), { fieldManager: 'test', force: true });
}

/** Waits until every service has rolled, or says that it waits. */
async function allTold(): Promise<readonly string[]> {
  return until('every service rolled or says that it waits', async () => {
    const rolled = await withTag('two');
    const services = await Promise.all(NAMES.filter((n) => !rolled.includes(n)).map((n) => cluster.api.get(serviceRef(n))));
    return services.every((s) => condition(s, 'FollowingUpdate')?.startsWith('False WaitsForTurn')) && rolled.length > 0 ? rolled : undefined;
  });
}

describe('an edit of a shared runtime', () => {
  test('reaches no more services at once than the budget allows, and all in the end', async () => {
    await fiveReady({ rolloutBudget: { count: 2 } });
    await editRuntime();
    const seen: number[] = [];
    for (let rolled = await allTold(); ; rolled = await allTold()) {
      const before = seen.reduce((sum, n) => sum + n, 0);
      seen.push(rolled.length - before);
      if (rolled.length === NAMES.length) break;
      await makeReady(cluster.api, rolled.map(deploymentRef));
      await until('a next service rolls', async () => (await withTag('two')).length > rolled.length);
      await until('two roll, or all have', async () => [rolled.length + 2, NAMES.length].includes((await withTag('two')).length));
    }
    expect(seen).toEqual([2, 2, 1]);
    await makeReady(cluster.api, NAMES.map(deploymentRef));
    for (const name of NAMES) await cluster.eventually(serviceRef(name), 'has nothing to follow', (s) => condition(s, 'FollowingUpdate') === undefined);
  });

  test('costs each service the write that rolls and two statuses, which say that it rolls and that it has', async () => {
    const { api, controller } = await fiveReady({ rolloutBudget: { count: 2 }, turnPatienceMs: 60_000 });
    await cluster.quiet(controller, api);
    const before = api.writes.length;
    await editRuntime();
    for (let rolled = 0; rolled < NAMES.length; ) {
      await cluster.quiet(controller, api);
      const now = await withTag('two');
      for (const name of now.slice(rolled)) expect(condition(await cluster.api.get(serviceRef(name)), 'Progressing')).toMatch(/^True RollingOut/);
      expect(now.length).toBeGreaterThan(rolled);
      rolled = now.length;
      await makeReady(cluster.api, now.map(deploymentRef));
    }
    await cluster.quiet(controller, api);
    const writes = api.writes.slice(before).sort();
    expect(writes).toEqual([...NAMES.map((n) => `apply Deployment ${n}-predictor`), ...NAMES.flatMap((n) => Array<string>(2).fill(`replaceStatus InferenceService ${n}`))]);
  });

  test('that breaks services stops at the first few, also when the controller starts again', async () => {
    await fiveReady({ rolloutBudget: { count: 1 } });
    await editRuntime();
    const [broken = ''] = await allTold();
    const waiting = await cluster.api.get(serviceRef(NAMES.find((n) => n !== broken) ?? ''));
    expect(condition(waiting, 'FollowingUpdate')).toBe(
      `False WaitsForTurn waits for its turn: one service may restart at once, those with FollowingUpdate True do; what it will follow: Deployment ${waiting?.metadata.name}-predictor: spec.template.spec.containers[name=kserve-container].image`,
    );
    // Its old instance answers, so it is Ready; it has not followed for all that.
    const old = await cluster.api.get(deploymentRef(broken));
    const conditions = [{ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: '' }, { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'late' }];
    await cluster.api.replaceStatus({ apiVersion: 'apps/v1', ...old, kind: 'Deployment', metadata: old?.metadata ?? { name: '' }, status: { observedGeneration: old?.metadata.generation, availableReplicas: 1, readyReplicas: 1, replicas: 1, conditions } });
    const stuck = await cluster.eventually(serviceRef(broken), 'is stuck', (s) => condition(s, 'Progressing') === 'False ProgressDeadlineExceeded late');
    expect([condition(stuck, 'Ready'), condition(stuck, 'Servable')]).toEqual(['True', 'True']);
    await cluster.stopControllers();
    const { api, controller } = await cluster.controller({ namespaces: [namespace], rolloutBudget: { count: 1 }, turnPatienceMs: 0 });
    await cluster.quiet(controller, api);
    expect(await withTag('two')).toEqual([broken]);
    // A correction of the runtime reaches the broken one at once: it has its place.
    await cluster.api.apply(runtime('three'), { fieldManager: 'test', force: true });
    await until('the broken one follows', async () => (await tagOf(broken)) === 'three');
  });

  test('waits for ever where the service says so, until its own spec changes', async () => {
    await fiveReady({ rolloutBudget: { percent: 100 } }, { c: { 'serving.kserve.io/disable-auto-update': 'true' } });
    await editRuntime();
    const held = await cluster.eventually(serviceRef('c'), 'is held', (s) => condition(s, 'FollowingUpdate')?.startsWith('False HeldByPolicy') === true);
    expect(condition(held, 'Ready')).toBe('True');
    await until('all others roll', async () => (await withTag('two')).length === NAMES.length - 1);
    expect(await tagOf('c')).toBe('one');
    await cluster.api.mergePatch(serviceRef('c'), { spec: { predictor: { model: { storageUri: 'pvc://models/m2' } } } });
    await until('it follows its own edit', async () => (await tagOf('c')) === 'two');
  });

  test('lets a service that edits itself go first', async () => {
    await fiveReady({ rolloutBudget: { count: 1 } });
    await editRuntime();
    const [first = ''] = await allTold();
    const other = NAMES.find((n) => n !== first) ?? '';
    await cluster.api.mergePatch(serviceRef(other), { spec: { predictor: { minReplicas: 2, model: { storageUri: 'pvc://models/m2' } } } });
    await until('it rolls though the budget is used up', async () => (await tagOf(other)) === 'two');
  });
});
