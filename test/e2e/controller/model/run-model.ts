import type { TestCluster } from '../support/cluster';
import { iris, irisRef } from '../support/iris';
import { randomOf } from '../support/random';
import { until } from '../../../support/until';
import { Environment } from './environment';
import { History } from './history';
import { replay, settledViolations } from './invariants';
import { Replicas } from './replicas';
import type { Step, World } from './steps';

/** Longer than a status may be held back, in rounds of about 5 ms. */
const QUIET_ROUNDS = 40;

export interface ModelRun {
  readonly seed: number;
  /** Steps, in their order. */
  readonly events: readonly string[];
  /** States in which the data path was asked, and how often all had settled. */
  readonly probes: number;
  readonly settled: number;
  readonly violations: readonly string[];
}

/**
 * One life of a service, from its creation until nothing is left of it.
 *
 * @param seed of what is left to chance within the steps
 */
export async function runModel(cluster: TestCluster, seed: number, steps: readonly Step[]): Promise<ModelRun> {
  const namespace = await cluster.namespace();
  const history = await History.of(cluster.api, namespace);
  const replicas = new Replicas(cluster.connection, namespace);
  const environment = new Environment(cluster.api, namespace, () => history.state);
  const events: string[] = [];
  const violations: string[] = [];
  let settled = 0;
  const world = (random: () => number): World => ({ cluster, namespace, environment, replicas, random, settle });

  /** Brings up what can come up, until all holds that has to and nothing happens any more. */
  async function settle(): Promise<void> {
    replicas.fault = () => undefined;
    let quiet = 0;
    let seen = -1;
    let wrong: readonly string[] = [];
    const look = async (): Promise<boolean> => {
      await environment.look(() => true);
      quiet = replicas.idle && history.length === seen ? quiet + 1 : 0;
      seen = history.length;
      if (quiet < QUIET_ROUNDS) return false;
      wrong = settledViolations('iris', history.state);
      return wrong.length === 0; // A failed write may wait for its next try.
    };
    await until('all settles', look).catch((error: unknown) => {
      if (wrong.length === 0) throw error; // It never was quiet.
    });
    settled++;
    violations.push(...wrong.map((v) => `settled after ${events.length} events: ${v}`));
  }

  try {
    await cluster.api.create(iris(namespace));
    replicas.start();
    replicas.start();
    await settle();
    for (const [i, step] of steps.entries()) {
      events.push(step.name);
      // How much a step draws depends on what is there at its moment; the next one must not.
      const random = randomOf(seed * 1_000 + i);
      await step.run(world(random));
      if (random() < 0.5) await new Promise((resolve) => setImmediate(resolve));
    }
    await settle();
    const { probes, violations: gaps } = replay('iris', await history.entries(), replicas.writes);
    await cluster.api.delete(irisRef(namespace));
    events.push('the service is deleted');
    await until('nothing is left of the service', async () => {
      await environment.look(() => true);
      return history.state.every((o) => o.kind === 'Lease');
    });
    return { seed, events, probes, settled, violations: [...violations, ...gaps] };
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}\nafter: ${events.join(', ')}`, { cause: error });
  } finally {
    await replicas.stopAll();
    await history.stop();
  }
}
