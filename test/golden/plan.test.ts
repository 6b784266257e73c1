import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runIsvc } from 'cdk8s-kserve-cli';
import { canonicalYaml, parseObjects } from '../support/canonical';
import { goldenCases, inMode, presentFiles } from '../support/golden';

const table = goldenCases().flatMap((golden) => golden.modes.flatMap((mode) => {
  const expected = presentFiles(golden).get(`${mode}.yaml`);
  return expected === undefined || !golden.plain ? [] : [[golden.name, mode, golden, expected] as const];
}));

describe('golden cases through isvc plan --out', () => {
  it('exist', () => expect(table.length).toBeGreaterThan(15));

  it.each(table)('%s in %s mode: what it writes is what render gave', async (_name, mode, golden, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'isvc-golden-'));
    try {
      for (const name of ['input', 'world']) mkdirSync(join(folder, name));
      writeFileSync(join(folder, 'input/isvc.yaml'), canonicalYaml([inMode(golden.service, mode)]));
      if (golden.worldObjects.length > 0) writeFileSync(join(folder, 'world/world.yaml'), canonicalYaml(golden.worldObjects));
      const io = { out: { write: () => true }, err: { write: () => true }, colors: false, signals: new EventEmitter(), now: () => new Date(0), exitCode: 0 };
      const world = golden.worldObjects.length > 0 ? ['--world', join(folder, 'world')] : [];
      expect(await runIsvc(['plan', join(folder, 'input'), ...world, '--out', join(folder, 'out')], io)).toBe(2);
      expect(sorted(written(join(folder, 'out')))).toEqual(sorted(parseObjects(expected).map((o) => canonicalYaml([o]))));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function written(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile())
    .map((e) => canonicalYaml(parseObjects(readFileSync(join(e.parentPath, e.name), 'utf8'))));
}

const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort();
