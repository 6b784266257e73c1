import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviationsOf } from './compare-case';
import { DIFFERENCES } from './differences';
import { CASES, haveCases, kserveCases } from './kserve-case';

const cases = haveCases() ? kserveCases() : [];

if (cases.length === 0) {
  it.skip(`is skipped: the recorded answers of KServe's controller are not at ${CASES}`, () => undefined);
} else {
  describe('children contain what KServe\'s own controller sent', () => {
    const agreeing: string[] = [];
    const used = new Set<string>();

    it.each(cases.map((c) => [c.id, c] as const))('%s', (id, kserve) => {
      const deviations = deviationsOf(kserve).map((d) => ({ ...d, difference: DIFFERENCES.find((known) => known.covers(d)) }));
      if (deviations.every((d) => d.difference?.bookkeeping)) agreeing.push(id);
      for (const { difference } of deviations) if (difference) used.add(difference.id);
      expect(deviations.filter((d) => !d.difference)).toEqual([]);
    });

    it('every listed difference still exists', () => expect(DIFFERENCES.map((d) => d.id).filter((id) => !used.has(id))).toEqual([]));

    afterAll(() => {
      const share = ((100 * agreeing.length) / cases.length).toFixed(0);
      process.stdout.write(`KServe cases: ${agreeing.length} of ${cases.length} (${share} %) agree, ${cases.length - agreeing.length} differ on purpose: ${[...used].sort().join(', ')}\n`);
    });
  });
}

describe('differences on purpose', () => {
  const page = readFileSync(join(__dirname, '../../docs/compatibility.md'), 'utf8');

  it.each(DIFFERENCES.map((d) => [d.id]))('docs/compatibility.md gives the reason for %s', (id) => expect(page).toContain(`\`${id}\``));
});
