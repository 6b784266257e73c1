import { App, Chart } from 'cdk8s';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../../src/api';
import type { ModeName } from '../../src';
import { canonicalYaml } from '../support/canonical';
import { MODES, expectedFiles, goldenCases, presentFiles } from '../support/golden';

const cases = goldenCases();

describe('golden cases rendered directly', () => {
  it('exist', () => expect(cases.length).toBeGreaterThan(10));

  it.each(cases.map((c) => [c.name, c] as const))('%s has exactly the files that render gives', (_name, golden) => {
    expect(Object.fromEntries(presentFiles(golden))).toEqual(Object.fromEntries(expectedFiles(golden)));
  });
});

describe('golden cases from constructs in expand mode', () => {
  const withConstruct = cases.filter((c) => existsSync(join(c.folder, 'construct.ts')));
  const table = withConstruct.flatMap((c) => c.modes.map((mode) => [c.name, mode, c] as const));

  it('exist', () => expect(table.length).toBeGreaterThan(2));

  it.each(table)('%s in %s mode writes the same children', (_name, mode, golden) => {
    const { build } = jest.requireActual<{ build: (chart: Chart, mode: ModeName) => void }>(join(golden.folder, 'construct.ts'));
    const chart = new Chart(new App(), 'golden', { namespace: golden.service.metadata.namespace ?? 'default' });
    build(chart, MODES[mode]);
    expect(canonicalYaml(chart.toJson() as KubeObject[])).toBe(presentFiles(golden).get(`${mode}.yaml`));
  });
});
