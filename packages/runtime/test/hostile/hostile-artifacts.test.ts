import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_PEAK_BYTES, tableOfReport } from './report';
import { runHostile } from './run-hostile';
import { HOSTILE_SOURCES } from './sources';

/** Artifacts to open: more with ISVC_FUZZ_RUNS, others with ISVC_FUZZ_SEED. */
const TOTAL = Number(process.env['ISVC_FUZZ_RUNS'] ?? 12_000);
const SEED = Number(process.env['ISVC_FUZZ_SEED'] ?? 20261121);

test('every hostile artifact is a typed error or a model that answers, in bounded time and memory, without side effects', async () => {
  const report = await runHostile({ seed: SEED, total: TOTAL });
  process.stdout.write(`${tableOfReport(report)}\n`);
  expect(report.sources.flatMap(({ problems }) => problems)).toEqual([]);
  expect(report.sources.map(({ name }) => name)).toEqual(HOSTILE_SOURCES.map(({ name }) => name));
  expect(report.sources.reduce((sum, { artifacts }) => sum + artifacts, 0)).toBeGreaterThanOrEqual(TOTAL);
  expect(report.sources.filter(({ refused }) => Object.keys(refused).length === 0)).toEqual([]);
  expect(report.left).toEqual([]);
  expect(report.peakBytes).toBeLessThan(MAX_PEAK_BYTES);
}, 60_000 + 20 * TOTAL);

test('the reference page has every source', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/reference/model-formats.md'), 'utf8');
  expect(HOSTILE_SOURCES.filter(({ name, makes }) => !page.includes(`| ${name} | ${makes} |`)).map(({ name }) => name)).toEqual([]);
});
