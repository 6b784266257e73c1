import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { lintFiles } from '../../packages/cli/src/lint/lint-files';
import { loadTexts } from '../../packages/cli/src/manifests/load-folder';
import { goldenCases } from '../support/golden';
import { FAULT_KINDS, seedFaults, textOf, type Base, type Fault } from './faults';
import type { Doc } from './sites';

const COUNT = 200;
const SEED = 2026;
/** Further seeds, so that the rules are not fitted to one. */
const OTHER_SEEDS = [1, 2, 3];
const WANTED = 0.98;

function docsOf(text: string): readonly Doc[] {
  const documents = parseAllDocuments(text, { version: '1.1' });
  return (Array.isArray(documents) ? documents : []).map((d) => d.toJS() as Doc).filter((d) => d !== null);
}

/** What the faults are put into: the folders beside this test and golden inputs that have no problems. */
function bases(): readonly Base[] {
  const folder = join(__dirname, 'bases');
  const own = readdirSync(folder).map((f) => ({ name: f, docs: docsOf(readFileSync(join(folder, f), 'utf8')) }));
  const golden = goldenCases()
    .filter((c) => c.plain && !existsSync(join(c.folder, 'problems.txt')))
    .map((c) => ({ name: c.name, docs: [...docsOf(readFileSync(join(c.folder, 'input.yaml'), 'utf8')), ...(c.worldObjects as unknown as readonly Doc[])] }));
  // Own folders twice as often as their number says: only they have graphs, claims and GPUs.
  return [...own, ...own, ...golden];
}

/** Errors and warnings of a text, each as one line. */
function alarms(text: string): readonly string[] {
  const loaded = loadTexts(new Map([['f.yaml', text]]), 'f.yaml');
  return lintFiles(loaded, { rules: {}, apis: undefined, ignores: () => false }).findings.filter((f) => f.severity !== 'info').map((f) => `${f.code} ${f.subject ?? ''} ${f.path}: ${f.message}`);
}

function isFound(fault: Fault, before: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return alarms(fault.text).some((alarm) => !before.get(fault.base)?.has(alarm));
}

const all = bases();
const before = new Map(all.map(({ name, docs }) => [name, new Set(alarms(textOf(docs)))]));

describe('seeded faults', () => {
  it('are put into manifests that lint finds nothing wrong with', () => {
    expect(Object.fromEntries([...before].filter(([, found]) => found.size > 0).map(([name, found]) => [name, [...found]]))).toEqual({});
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
    const missed = faults.filter((fault) => !isFound(fault, before));
    const share = (faults.length - missed.length) / faults.length;
    process.stdout.write(`seed ${seed}: lint finds ${faults.length - missed.length} of ${faults.length} seeded faults (${(share * 100).toFixed(1)} %)\n`);
    for (const { kind, base, what } of missed) process.stdout.write(`  missed: ${kind} in ${base}: ${what}\n`);
    expect(share).toBeGreaterThanOrEqual(WANTED);
  });
});
