import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { ask } from '../../support/ask';
import { descendantsOf, EXAMPLE, isAlive, isvc, type IsvcProcess } from '../../support/isvc-process';
import { SteadyLoad } from '../../support/steady-load';
import { KUBECTL } from '../../support/kubectl';
import { until } from '../../../support/until';
import { apiHands } from './api-hands';
import type { Hands } from './hands';
import { kubectlHands } from './kubectl-hands';

// The course of docs/how-to/hands-on-course.md, step by step; each test goes on where the one before it ended.

const FIXTURES = resolve(__dirname, '../../../../packages/runtime/test/fixtures/sklearn');
const BUCKET = 'gs://kfserving-examples/models/sklearn/1.0';
const NAME = 'sklearn-iris';
const PATH = `/v1/models/${NAME}:predict`;
/** Version 1 answers with the number of the class, version 2 with its name. */
const ROW = { instances: [[6.8, 2.8, 4.8, 1.4]] };
const VERSION_1 = '{"predictions":[1]}';
const VERSION_2 = '{"predictions":["versicolor"]}';
const MODE = 'serving.kserve.io/deploymentMode';

function service(version: 'model' | 'model-2', predictor: object = {}): KubeObject {
  const model = { modelFormat: { name: 'sklearn' }, storageUri: `${BUCKET}/${version}` };
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: NAME }, spec: { predictor: { ...predictor, model } } };
}

/** One that follows its load within seconds instead of a minute. */
const BURSTY: KubeObject = {
  ...service('model', { minReplicas: 0, maxReplicas: 3, scaleMetric: 'concurrency', scaleTarget: 1 }),
  metadata: { name: 'bursty', annotations: { 'autoscaling.knative.dev/window': '6s' } },
};

describe(`the hands-on course, with ${KUBECTL ? 'kubectl' : 'our own client'}`, () => {
  let folder: string;
  let run: IsvcProcess;
  let gateway: string;
  let hands: Hands;
  let close = (): void => undefined;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'isvc-course-'));
    for (const version of ['model', 'model-2']) mkdirSync(join(folder, 'models', version), { recursive: true });
    cpSync(join(EXAMPLE, 'models/svc/model.joblib'), join(folder, 'models/model/model.joblib'));
    cpSync(join(FIXTURES, 'svc-object-labels.joblib'), join(folder, 'models/model-2/model.joblib'));
  });

  afterAll(async () => {
    close();
    run?.child.kill('SIGINT');
    await run?.exit;
    rmSync(folder, { recursive: true, force: true });
  });

  const host = async (name = NAME): Promise<string> => new URL(await hands.url(name)).host;
  const shows = (columns: Readonly<Record<string, string>>, name = NAME): Promise<boolean> =>
    until(`kubectl get isvc ${name} shows ${JSON.stringify(columns)}`, async () => {
      const row = await hands.row(name);
      return Object.entries(columns).every(([name, value]) => row[name] === value);
    });

  /** How many of the requests each version answered. */
  async function split(requests: number): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    const at = await host();
    for (let i = 0; i < requests; i++) {
      const { body } = await ask(gateway, at, PATH, ROW);
      counts[body] = (counts[body] ?? 0) + 1;
    }
    return counts;
  }

  test('install: an empty cluster that kubectl can talk to', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    run = isvc(['run', '--port', '0', '--map', `${BUCKET}=${join(folder, 'models')}`, '--kubeconfig-out', kubeconfig, '--json'], {}, { keep: true });
    const { apiServer } = (await run.event('started')) as { apiServer: string };
    ({ gateway } = (await run.event('ready')) as { gateway: string });
    if (KUBECTL) {
      hands = kubectlHands(KUBECTL, kubeconfig, folder);
    } else {
      const ours = await apiHands(kubeconfig, apiServer);
      close = () => ours.close();
      hands = ours;
    }
    await hands.createNamespace('kserve-test');
  });

  test('first service: Ready with a URL that answers', async () => {
    expect(await hands.apply(service('model'))).toBe('created');
    await shows({ READY: 'True', PREV: '', LATEST: '100', PREVROLLEDOUTREVISION: '', LATESTREADYREVISION: `${NAME}-predictor-00001` });
    expect(await hands.url(NAME)).toBe(`http://${NAME}-predictor.kserve-test.example.com`);
    expect(await ask(gateway, await host(), PATH, ROW)).toEqual({ status: 200, body: VERSION_1 });
  });

  test('canary: 10 per cent of the requests go to the second version', async () => {
    expect(await hands.apply(service('model-2', { canaryTrafficPercent: 10 }))).toBe('configured');
    await shows({ READY: 'True', PREV: '90', LATEST: '10', PREVROLLEDOUTREVISION: `${NAME}-predictor-00001`, LATESTREADYREVISION: `${NAME}-predictor-00002` });
    const counts = await split(200);
    // Four standard deviations of a fair 10 per cent draw.
    expect(Math.abs((counts[VERSION_2] ?? 0) - 20)).toBeLessThanOrEqual(17);
    expect((counts[VERSION_1] ?? 0) + (counts[VERSION_2] ?? 0)).toBe(200);
  });

  test('canary: 50 per cent', async () => {
    await hands.apply(service('model-2', { canaryTrafficPercent: 50 }));
    await shows({ READY: 'True', PREV: '50', LATEST: '50' });
    const counts = await split(200);
    expect(Math.abs((counts[VERSION_2] ?? 0) - 100)).toBeLessThanOrEqual(28);
    expect((counts[VERSION_1] ?? 0) + (counts[VERSION_2] ?? 0)).toBe(200);
  });

  test('canary: promoted, all requests go to it', async () => {
    await hands.apply(service('model-2'));
    await shows({ READY: 'True', PREV: '', LATEST: '100', PREVROLLEDOUTREVISION: '', LATESTREADYREVISION: `${NAME}-predictor-00002` });
    expect(await split(50)).toEqual({ [VERSION_2]: 50 });
  });

  test('mode switch: raw and back, and no request to the in-cluster name is lost', async () => {
    const inCluster = `${NAME}-predictor.kserve-test.svc.cluster.local`;
    const load = new SteadyLoad({ callers: 2, ask: (agent) => ask(gateway, inCluster, PATH, ROW, agent) });
    try {
      await hands.annotate(NAME, MODE, 'RawDeployment');
      await shows({ READY: 'True', URL: `http://${NAME}-kserve-test.example.com` });
      await until('Knative is out of it', async () => (await hands.names('ksvc')).length === 0);
      expect(await hands.names('deployments')).toEqual([`${NAME}-predictor`]);
      await answersMore(load);
      expect(await ask(gateway, await host(), PATH, ROW)).toEqual({ status: 200, body: VERSION_2 });
      await hands.annotate(NAME, MODE, 'Serverless');
      await shows({ READY: 'True', URL: `http://${NAME}-predictor.kserve-test.example.com` });
      await until('the raw Deployment is gone', async () => !(await hands.names('deployments')).includes(`${NAME}-predictor`));
      await answersMore(load);
    } finally {
      await load.stop();
    }
    expect(load.failures).toEqual([]);
  });

  test('autoscaling: pods come with the load and go without it, to none', async () => {
    const watch = hands.watchPods('bursty');
    try {
      await hands.apply(BURSTY);
      await shows({ READY: 'True' }, 'bursty');
      await until('it sleeps', async () => watch.seen > 0 && (await hands.names('pods', 'bursty')).length === 0);
      const asleep = watch.seen;
      const at = await host('bursty');
      const load = new SteadyLoad({ callers: 5, ask: (agent) => ask(gateway, at, '/v1/models/bursty:predict', ROW, agent) });
      try {
        await until('three pods are ready', () => watch.ready === 3);
        expect(watch.seen).toBe(asleep + 3);
      } finally {
        await load.stop();
      }
      expect(load.failures).toEqual([]);
      expect(load.answered).toBeGreaterThan(0);
      await until('no pod is left', async () => (await hands.names('pods', 'bursty')).length === 0);
      expect(await ask(gateway, at, '/v1/models/bursty:predict', ROW)).toEqual({ status: 200, body: VERSION_1 });
    } finally {
      await watch.stop();
    }
  });

  test('remove: nothing is left', async () => {
    for (const name of [NAME, 'bursty']) await hands.remove(name);
    for (const plural of ['ksvc', 'deployments', 'pods'] as const) await until(`no ${plural}`, async () => (await hands.names(plural)).length === 0);
    const pids = descendantsOf(run.child.pid ?? 0);
    run.child.kill('SIGINT');
    expect(await run.exit).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

/** Requests that begin after this moment are answered. */
async function answersMore(load: SteadyLoad): Promise<void> {
  const { answered } = load;
  await until('ten more answers', () => load.answered > answered + 10);
}
