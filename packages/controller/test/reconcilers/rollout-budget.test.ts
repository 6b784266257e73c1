import { RolloutBudget, type BudgetLimit } from '../../src/reconcilers/rollout-budget';
import { FakeClock } from '../support/fake-clock';

function budgetOf(limit: BudgetLimit, total = 10): { readonly budget: RolloutBudget; readonly woken: string[]; readonly clock: FakeClock } {
  const woken: string[] = [];
  const clock = new FakeClock();
  return { budget: new RolloutBudget({ limit, total: () => total, wake: (key) => woken.push(key), clock, patienceMs: 60_000 }), woken, clock };
}

describe('RolloutBudget', () => {
  test.each<[string, BudgetLimit, number, number]>([
    ['a number', { count: 3 }, 10, 3],
    ['a share of all', { percent: 10 }, 57, 5],
    ['a share too small for one: still one', { percent: 10 }, 4, 1],
  ])('lets in %s', (_what, limit, total, expected) => {
    const { budget } = budgetOf(limit, total);
    const entered = Array.from({ length: total }, (_, i) => budget.enter(`s${i}`)).filter(Boolean);
    expect(entered).toHaveLength(expected);
    expect(budget.queued).toBe(total - expected);
  });

  test('wakes those that wait one by one, in the order of their asking', () => {
    const { budget, woken } = budgetOf({ count: 1 });
    expect(['a', 'b', 'c'].map((key) => budget.enter(key))).toEqual([true, false, false]);
    budget.leave('a');
    expect(woken).toEqual(['b']);
    expect(budget.enter('b')).toBe(true);
    budget.leave('b');
    expect(woken).toEqual(['b', 'c']);
  });

  test('has patience with turns for as long as places are given and given back', async () => {
    const { budget, clock } = budgetOf({ count: 1 });
    const leftAfter = async (ms: number): Promise<number> => {
      await clock.advance(ms);
      return budget.patienceLeftMs;
    };
    budget.enter('a');
    expect(await leftAfter(40_000)).toBe(20_000);
    budget.enter('a');
    budget.enter('b');
    expect(budget.patienceLeftMs).toBe(20_000);
    budget.leave('a');
    expect(await leftAfter(59_999)).toBe(1);
    budget.enter('b');
    expect(await leftAfter(60_001)).toBe(0);
  });

  test('lets a service that has a place in again', () => {
    const { budget } = budgetOf({ count: 1 });
    expect([budget.enter('a'), budget.enter('a')]).toEqual([true, true]);
  });

  test('counts places that were taken before a restart', () => {
    const { budget, woken } = budgetOf({ count: 2 });
    budget.restore(['a', 'b']);
    expect(budget.enter('c')).toBe(false);
    budget.leave('a');
    expect(woken).toEqual(['c']);
  });

  test('keeps the place of the one it wakes, so that nobody is woken in vain', () => {
    const { budget, woken } = budgetOf({ count: 2 });
    expect(['a', 'b', 'c', 'd', 'e'].map((key) => budget.enter(key))).toEqual([true, true, false, false, false]);
    budget.leave('a');
    budget.leave('b');
    expect(woken).toEqual(['c', 'd']);
    expect([budget.enter('e'), budget.enter('c'), budget.enter('d')]).toEqual([false, true, true]);
    budget.leave('c');
    expect(woken).toEqual(['c', 'd', 'e']);
  });

  test('gives the place that one leaves unused to the next', () => {
    const { budget, woken } = budgetOf({ count: 1 });
    ['a', 'b', 'c'].forEach((key) => budget.enter(key));
    budget.leave('a');
    budget.leave('b');
    expect(woken).toEqual(['b', 'c']);
    expect(budget.restarting).toBe(0);
  });

  test('wakes nobody when someone leaves that had no place', () => {
    const { budget, woken } = budgetOf({ count: 1 });
    budget.enter('a');
    budget.enter('b');
    budget.leave('b');
    budget.leave('x');
    expect(woken).toEqual([]);
  });
});
