import { RULES } from '../../src/lint';
import { FAULT_KINDS, seedFault, seedFaults, type Fault } from './faults';
import { alarmsBefore, faultBases, newAlarms } from './harness';
import { Random } from './random';
import { RULE_FAULTS } from './rule-faults';

const COUNT = 200;
const SEED = 2026;
/** Further seeds, so that the rules are not fitted to one. */
const OTHER_SEEDS = [1, 2, 3];
const WANTED = 0.98;

const all = faultBases();
const before = alarmsBefore(all);

/** A note counts only of a rule that was made for the fault: folders without accounts have notes of their own. */
function isFound(fault: Fault): boolean {
  return newAlarms(fault, before).some((a) => a.severity !== 'info' || RULE_FAULTS[a.code] === fault.kind);
}

describe('seeded faults', () => {
  it('are put into manifests that lint finds nothing wrong with', () => {
    const loud = [...before].map(([name, alarms]) => [name, alarms.filter((a) => a.severity !== 'info').map((a) => a.line)] as const);
    expect(Object.fromEntries(loud.filter(([, found]) => found.length > 0))).toEqual({});
  });

  it('are the same for the same seed', () => {
    expect(seedFaults(all, 20, SEED)).toEqual(seedFaults(all, 20, SEED));
  });

  it(`of every kind are among ${COUNT}`, () => {
    const kinds = new Set(seedFaults(all, COUNT, SEED).map((f) => f.kind));
    expect(FAULT_KINDS.filter((k) => !kinds.has(k))).toEqual([]);
  });

  it.each([SEED, ...OTHER_SEEDS])(`${COUNT} of seed %i are found, nearly all`, (seed) => {
    const faults = seedFaults(all, COUNT, seed);
    const missed = faults.filter((fault) => !isFound(fault));
    const share = (faults.length - missed.length) / faults.length;
    process.stdout.write(`seed ${seed}: lint finds ${faults.length - missed.length} of ${faults.length} seeded faults (${(share * 100).toFixed(1)} %)\n`);
    for (const { kind, base, what } of missed) process.stdout.write(`  missed: ${kind} in ${base}: ${what}\n`);
    expect(share).toBeGreaterThanOrEqual(WANTED);
  });
});

describe('rules', () => {
  it('have a seeded fault each, or a reason why there is none', () => {
    expect(Object.keys(RULE_FAULTS).sort()).toEqual(RULES.map((r) => r.code).sort());
  });

  const seeded = Object.entries(RULE_FAULTS).flatMap(([code, kind]) => (typeof kind === 'string' ? [[code, kind] as const] : []));

  it.each(seeded)('%s is what finds a %s', (code, kind) => {
    const random = new Random(SEED);
    // One kind may have several forms, of which a rule finds some.
    const faults = Array.from({ length: 12 }, () => seedFault(kind, random.shuffled(all), random));
    expect(faults.flatMap((fault) => (fault ? newAlarms(fault, before) : [])).map((a) => a.code)).toContain(code);
  });
});
