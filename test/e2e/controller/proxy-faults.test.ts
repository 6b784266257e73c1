import { IsvcError, type ObjectRef } from 'cdk8s-kserve/api';
import { electLeader, HttpKubeApi, startController, systemClock, type RunningController } from 'cdk8s-kserve-controller';
import { TestCluster } from './support/cluster';
import { FaultProxy, type Fault } from './support/fault-proxy';
import { faultSummary, type FaultRun } from './support/fault-summary';
import { condition, deploymentRef, iris, irisRef, knativeRef, makeChildrenReady, rawChildren } from './support/iris';
import { randomOf, seedsOf } from './support/random';
import { until } from '../../support/until';

/** `ISVC_FAULT_SEEDS=1,2,3` or `1-20` runs these, of every fault; `ISVC_FAULT_LATENCY_MS=5000` makes slow answers as slow as that. */
const SEEDS = seedsOf(process.env['ISVC_FAULT_SEEDS'] ?? '1-2');
const SEEDS_OF_EACH = process.env['ISVC_FAULT_SEEDS'] ? SEEDS : SEEDS.slice(0, 1);
const LATENCY_MS = Number(process.env['ISVC_FAULT_LATENCY_MS'] ?? 150);

const FAULTS: readonly Fault[] = [
  { type: 'refuse', status: 409, reason: 'Conflict' },
  { type: 'refuse', status: 429, reason: 'TooManyRequests' },
  { type: 'refuse', status: 500, reason: 'InternalError' },
  { type: 'refuse', status: 503, reason: 'ServiceUnavailable' },
  { type: 'delay', ms: LATENCY_MS },
  { type: 'lose the request' },
  { type: 'lose the answer' },
  { type: 'answer from the past' },
  { type: 'cut the answer' },
];

jest.setTimeout(240_000 + LATENCY_MS * 100);

let cluster: TestCluster;
let proxy: FaultProxy;
const runs: FaultRun[] = [];
const started: { controller: RunningController; api: HttpKubeApi }[] = [];

beforeAll(async () => {
  cluster = await TestCluster.start();
});

beforeEach(async () => {
  proxy = await FaultProxy.start(cluster.connection);
});

afterEach(async () => {
  proxy.fate = () => ({ type: 'pass' });
  for (const { controller, api } of started.splice(0)) {
    await controller.stop();
    api.close();
  }
  await proxy.stop();
});

afterAll(async () => {
  await cluster.stop();
  process.stdout.write(`faults on ${cluster.real ? 'a real API server' : 'the embedded API server'}:\n\n${faultSummary(runs)}\n`);
});

/** A controller that reaches its API server through the proxy only. */
function controllerBehindProxy(namespace: string): RunningController {
  const api = new HttpKubeApi(proxy.connection);
  const controller = startController({ api, namespaces: [namespace], redetectMs: 50, statusSettleMs: 20 });
  started.push({ controller, api });
  return controller;
}

async function becomesReady(namespace: string): Promise<void> {
  await until('the service is ready', async () => {
    await makeChildrenReady(cluster.api, namespace).catch(() => undefined);
    return condition(await cluster.api.get(irisRef(namespace)), 'Ready') === 'True';
  }, 60_000 + LATENCY_MS * 50);
}

/** How many of them do not go. */
async function left(refs: readonly ObjectRef[]): Promise<number> {
  return (await Promise.allSettled(refs.map((ref) => cluster.gone(ref)))).filter(({ status }) => status === 'rejected').length;
}

/** Notes how the life of a service ends, for the summary; lost unless it says otherwise. */
async function noted(fault: string, seed: number, life: (run: FaultRun) => Promise<void>): Promise<void> {
  const run: FaultRun = { fault, seed, struck: 0, lost: true, leftOver: 0 };
  runs.push(run);
  try {
    await life(run);
  } finally {
    run.struck = [...proxy.struck.values()].reduce((a, b) => a + b, 0);
  }
}

describe('when one request in four meets a fault', () => {
  const cases = FAULTS.flatMap((fault) => SEEDS_OF_EACH.map((seed) => [fault.type === 'refuse' ? `${fault.type} with ${fault.status}` : fault.type, seed, fault] as const));
  test.each(cases)('%s, seed %i: the service becomes ready, and goes without a trace', (name, seed, fault) => noted(name, seed, async (run) => {
    const namespace = await cluster.namespace();
    // At random: every fourth one exactly could be the same step of each retry, for ever.
    const random = randomOf(seed);
    proxy.fate = () => (random() < 1 / 4 ? fault : { type: 'pass' });
    controllerBehindProxy(namespace);
    await cluster.api.create(iris(namespace));
    await becomesReady(namespace);
    run.lost = false;
    expect(proxy.struck.get(fault.type)).toBeGreaterThan(3);
    // The controller is not needed for this: the cluster's garbage collection does it.
    await cluster.api.delete(irisRef(namespace));
    run.leftOver = await left(rawChildren(namespace));
    expect(run.leftOver).toBe(0);
  }));
});

describe('when requests meet faults at random while the service changes', () => {
  test.each(SEEDS)('seed %i: it ends ready, with its children and no other', (seed) => noted('any of these, while the service changes', seed, async (run) => {
    const random = randomOf(seed);
    const namespace = await cluster.namespace();
    proxy.fate = () => (random() < 0.2 ? (FAULTS[Math.floor(random() * FAULTS.length)] ?? { type: 'pass' }) : { type: 'pass' });
    await cluster.api.create(iris(namespace));
    controllerBehindProxy(namespace);
    const edit = (patch: object): Promise<unknown> => cluster.api.mergePatch(irisRef(namespace), patch);
    const edits: (() => Promise<unknown>)[] = [
      () => edit({ spec: { predictor: { maxReplicas: 1 + Math.floor(random() * 5) } } }),
      () => edit({ spec: { transformer: { containers: [{ name: 'kserve-container', image: 'my/t:1' }] } } }),
      () => edit({ spec: { transformer: null } }),
      () => edit({ metadata: { annotations: { 'serving.kserve.io/deploymentMode': 'Serverless' } } }),
      () => edit({ metadata: { annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } } }),
      () => cluster.api.delete(deploymentRef(namespace)),
      () => Promise.resolve(proxy.cutAll()),
    ];
    for (let i = 0; i < 15; i++) {
      await edits[Math.floor(random() * edits.length)]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await edit({ spec: { transformer: null }, metadata: { annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } } });
    await becomesReady(namespace);
    run.lost = false;
    run.leftOver = await left([knativeRef(namespace), { ...knativeRef(namespace), name: 'iris-transformer' }, { ...deploymentRef(namespace), name: 'iris-transformer' }]);
    expect(run.leftOver).toBe(0);
    expect([...proxy.struck.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(5);
  }));
});

describe('two replicas of which the leader loses its way to the API server', () => {
  test('never both write, also when one of their clocks is an hour ahead', async () => {
    const namespace = await cluster.namespace();
    const cut = proxy;
    const open = await FaultProxy.start(cluster.connection);
    /** Who wrote children, in order; answers of the API server decide, not intentions. */
    const writers: string[] = [];
    const holds = new Set<string>();
    let most = 0;
    const stop = new AbortController();
    const replica = (name: string, way: FaultProxy, skewMs: number): { readonly ended: Promise<void> } => {
      const api = new HttpKubeApi(way.connection);
      const clock = { ...systemClock, now: () => systemClock.now() + skewMs };
      const lead = async (signal: AbortSignal): Promise<void> => {
        holds.add(name);
        writers.push(name);
        most = Math.max(most, holds.size);
        const controller = startController({ api, clock, namespaces: [namespace], redetectMs: 50 });
        await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
        holds.delete(name);
        await controller.stop();
      };
      const candidate = async (): Promise<void> => {
        // A process that loses its lease, as a busy machine makes it, ends and is started again as a candidate.
        while (!stop.signal.aborted) {
          await electLeader({ api, clock, namespace, name: 'controllers', identity: name, durationMs: 6000, renewDeadlineMs: 4000, retryMs: 100, signal: stop.signal, lead }).catch((error: unknown) => {
            if (!(error instanceof IsvcError && error.code === 'ISVC_KUBE_LEASE_LOST')) throw error;
          });
        }
      };
      return { ended: candidate().finally(() => api.close()) };
    };
    const first = replica('first', cut, 0);
    await until('the first leads', () => holds.has('first'));
    const second = replica('second', open, 3_600_000);
    await cluster.api.create(iris(namespace));
    await becomesReady(namespace);
    expect(writers).toEqual(['first']);

    cut.fate = () => ({ type: 'lose the request' });
    cut.cutAll();
    await until('the second leads', () => holds.has('second'));
    expect([writers[0], writers.at(-1)]).toEqual(['first', 'second']);
    await cluster.api.delete(deploymentRef(namespace));
    await cluster.eventually(deploymentRef(namespace), 'is made again by the second');
    stop.abort();
    await Promise.all([first.ended, second.ended]);
    expect(most).toBe(1);
    await open.stop();
  });
});
