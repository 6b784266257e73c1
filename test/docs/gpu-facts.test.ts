import { GPU_FACTS } from '../../scripts/gpu-facts';
import { RULES, RULE_FAMILIES } from '../../src/lint';

/** Those that rules were written for; what stands behind them no rule can find. */
const NUMBERED = 44;

describe('the table of GPU facts', () => {
  it('has each number once, in order', () => {
    expect(GPU_FACTS.map((f) => f.id)).toEqual(GPU_FACTS.map((_, i) => `GPU${String(i + 1).padStart(3, '0')}`));
    expect(GPU_FACTS.length).toBeGreaterThan(NUMBERED);
  });

  it('names rules that there are', () => {
    const codes = new Set(RULES.map((r) => r.code));
    expect(GPU_FACTS.flatMap((f) => f.rules ?? []).filter((code) => !codes.has(code))).toEqual([]);
  });

  it('has a rule, or a reason why there is none, for each', () => {
    expect(GPU_FACTS.slice(0, NUMBERED).filter((f) => (f.rules ?? []).length === 0).map((f) => f.id)).toEqual([]);
    expect(GPU_FACTS.filter((f) => (f.rules ?? []).length === 0 && (f.notLinted ?? '').length < 20).map((f) => f.id)).toEqual([]);
  });

  it('names every rule about GPUs', () => {
    const named = new Set(GPU_FACTS.flatMap((f) => f.rules ?? []));
    expect(RULE_FAMILIES.GPUs.map((r) => r.code).filter((code) => !named.has(code))).toEqual([]);
  });
});
