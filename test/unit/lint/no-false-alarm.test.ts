import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isInferenceGraph, isInferenceService } from '../../../src/api';
import { lint } from '../../../src/lint';
import { goldenCases, inMode } from '../../support/golden';
import { lines, objectsOf } from './support';

const ROOT = join(__dirname, '..', '..', '..');

/** Manifests that are known to be right: inputs of golden cases without problems, in their modes. */
const golden = goldenCases()
  .filter((c) => !existsSync(join(c.folder, 'problems.txt')))
  .flatMap((c) => c.modes.map((mode) => [`${c.name} in ${mode} mode`, c, mode] as const));

const exampleFolders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((e) => e.isDirectory() && existsSync(join(ROOT, 'examples', e.name, 'dist')))
  .map((e) => e.name);

describe('lint of what is right', () => {
  it('has something to look at', () => {
    expect(golden.length).toBeGreaterThan(20);
    expect(exampleFolders.length).toBeGreaterThan(0);
  });

  it.each(golden)('raises no alarm over golden case %s', (_name, { folder, worldObjects }, mode) => {
    const input = objectsOf(readFileSync(join(folder, 'input.yaml'), 'utf8'));
    const objects = input.map((o) => (isInferenceService(o) || isInferenceGraph(o) ? inMode(o, mode) : o));
    const findings = lint([...objects, ...worldObjects].map((object) => ({ object })));
    expect(lines(findings.filter((f) => f.severity !== 'info'))).toEqual([]);
  });

  it.each(exampleFolders)('raises no alarm over the output of example %s', (name) => {
    const folder = join(ROOT, 'examples', name, 'dist');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.yaml') && !f.endsWith('kustomization.yaml'));
    const inputs = files.flatMap((f) => objectsOf(readFileSync(join(folder, f), 'utf8'))).map((object) => ({ object }));
    expect(lines(lint(inputs).filter((f) => f.severity !== 'info'))).toEqual([]);
  });
});
