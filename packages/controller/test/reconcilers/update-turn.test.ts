import type { Condition, InferenceService, KubeObject } from 'cdk8s-kserve/api';
import { RolloutBudget } from '../../src/reconcilers/rollout-budget';
import { restartsOf, updateTurn, type Restart } from '../../src/reconcilers/update-turn';
import { FakeClock } from '../support/fake-clock';

const deployment = (availableReplicas: number): KubeObject => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a-predictor', namespace: 'ml' }, status: { availableReplicas } });
const restarts: readonly Restart[] = [{ workload: deployment(1), fields: ['spec.template.spec.containers[name=kserve-container].image'] }];

function service(name: string, options: { readonly conditions?: readonly Condition[]; readonly annotations?: Record<string, string>; readonly generation?: number } = {}): InferenceService {
  const { conditions = [], annotations = {}, generation = 1 } = options;
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name, namespace: 'ml', generation, annotations }, spec: { predictor: {} },
    status: { observedGeneration: 1, conditions },
  };
}

function budgetOfOne(): { readonly budget: RolloutBudget; readonly clock: FakeClock } {
  const clock = new FakeClock();
  return { budget: new RolloutBudget({ limit: { count: 1 }, total: () => 2, wake: () => {}, clock, patienceMs: 60_000 }), clock };
}

describe('updateTurn', () => {
  test('has nothing to say where nothing restarts, and none where the service itself changed', () => {
    const { budget } = budgetOfOne();
    expect(updateTurn(service('a'), [], budget)).toEqual({ frozen: false });
    expect(updateTurn(service('a', { generation: 2 }), restarts, budget)).toEqual({ frozen: false });
    expect(budget.restarting).toBe(0);
  });

  test('lets one roll, and keeps the other as it is without a word while turns come', async () => {
    const { budget, clock } = budgetOfOne();
    expect(updateTurn(service('a'), restarts, budget)).toEqual({ frozen: false, told: { state: 'rolling' } });
    await clock.advance(20_000);
    expect(updateTurn(service('b'), restarts, budget)).toEqual({ frozen: true, againInMs: 40_000 });
  });

  test('says that a service waits once turns have come to a halt, and goes on saying so until it is its turn', async () => {
    const { budget, clock } = budgetOfOne();
    updateTurn(service('a'), restarts, budget);
    await clock.advance(60_000);
    const waiting = updateTurn(service('b'), restarts, budget);
    expect(waiting).toMatchObject({ frozen: true, told: { state: 'waiting', message: expect.stringContaining('one service may restart at once') as string } });
    updateTurn(service('c'), restarts, budget);
    budget.leave('ml/a');
    const told = (name: string): InferenceService => service(name, { conditions: [{ type: 'FollowingUpdate', status: 'False', reason: 'WaitsForTurn' }] });
    expect(updateTurn(told('c'), restarts, budget).told?.state).toBe('waiting');
    expect(updateTurn(told('b'), restarts, budget)).toEqual({ frozen: false, told: { state: 'rolling' } });
  });

  test('says at once that a policy keeps the pods', () => {
    const turn = updateTurn(service('a', { annotations: { 'serving.kserve.io/disable-auto-update': 'true' } }), restarts, budgetOfOne().budget);
    expect(turn).toMatchObject({ frozen: true, told: { state: 'held' } });
  });
});

describe('restartsOf', () => {
  test.each<[string, KubeObject, readonly string[], number]>([
    ['a template that changes under pods that answer', deployment(1), ['spec.template.spec.containers', 'spec.replicas'], 1],
    ['a field outside of the template', deployment(1), ['spec.replicas'], 0],
    ['pods that answer nobody', deployment(0), ['spec.template.spec.containers'], 0],
  ])('%s', (_what, live, reasons, expected) => {
    expect(restartsOf([deployment(1)], [live], () => reasons)).toHaveLength(expected);
  });
});
