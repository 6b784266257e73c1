import { OPTIONAL_CRDS } from './support/optional-crds';
import { TestCluster } from './support/cluster';
import { seedsOf } from './support/random';
import { KNATIVE_ROUTE_CRD, startWorkloadControllers } from './model/environment';
import { ONCE_WRONG } from './model/once-wrong';
import { runModel, type ModelRun } from './model/run-model';
import { orderOf, stepsNamed, type Step } from './model/steps';

/** `ISVC_MODEL_SEEDS=1,2,3` or `1-200` runs these, and `ISVC_MODEL_STEPS` steps of each; `ISVC_MODEL_ORDER='a canary, all settles'` these steps with each seed. */
const SEEDS = seedsOf(process.env['ISVC_MODEL_SEEDS'] ?? '1-2');
const STEPS = Number(process.env['ISVC_MODEL_STEPS'] ?? 20);
const ORDER = process.env['ISVC_MODEL_ORDER']?.split(', ');

let cluster: TestCluster;
let stopWorkloads: () => Promise<void> = () => Promise.resolve();
const runs: ModelRun[] = [];

beforeAll(async () => {
  cluster = await TestCluster.start();
  if (cluster.real) await cluster.install([...OPTIONAL_CRDS, KNATIVE_ROUTE_CRD]);
  else stopWorkloads = await startWorkloadControllers(cluster.api);
});

afterAll(async () => {
  await stopWorkloads();
  await cluster.stop();
  const sum = (of: (run: ModelRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  process.stdout.write(
    `model test on ${cluster.real ? 'a real API server' : 'the embedded API server'}: seeds ${runs.map((r) => r.seed).join(',')}: ` +
      `${runs.length} runs, ${sum((r) => r.events.length)} events, ${sum((r) => r.probes)} probes of the data path, ${sum((r) => r.settled)} settled states, ${sum((r) => r.violations.length)} violations\n`,
  );
});

describe('whatever the order of events', () => {
  test.each(SEEDS)('seed %i: what answers goes on answering, and status says what is', (seed) => check(seed, ORDER ? stepsNamed(ORDER) : orderOf(seed, STEPS)), 240_000 + STEPS * 6_000);

  if (!ORDER) test.each(ONCE_WRONG)('no longer: %s', (_what, seed, names) => check(seed, stepsNamed(names)));

  async function check(seed: number, steps: readonly Step[]): Promise<void> {
    const run = await runModel(cluster, seed, steps);
    runs.push(run);
    if (run.violations.length > 0) throw new Error(`seed ${seed}:\n${run.violations.join('\n')}\nafter: ${run.events.join(', ')}`);
  }
});
