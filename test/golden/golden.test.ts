import type { KubeObject } from '../../src/api';
import { canonicalYaml, parseObjects } from '../support/canonical';
import { expectedFiles, goldenCases, presentFiles, renderCase, type GoldenCase, type GoldenMode } from '../support/golden';
import { constructObjects, hasConstruct, identity } from '../support/golden-construct';

const cases = goldenCases();

describe('golden cases rendered directly', () => {
  it('exist', () => expect(cases.length).toBeGreaterThan(10));

  it.each(cases.map((c) => [c.name, c] as const))('%s has exactly the files that render gives', (_name, golden) => {
    expect(Object.fromEntries(presentFiles(golden))).toEqual(Object.fromEntries(expectedFiles(golden)));
  });
});

describe('golden cases from constructs', () => {
  const table = cases.filter(hasConstruct).flatMap((c) => c.modes.map((mode) => [c.name, mode, c] as const));

  it('exist', () => expect(table.length).toBeGreaterThan(40));

  it.each(table)('%s in %s mode, expanded, is the same children', (_name, mode, golden) => {
    expect(inOrder(constructObjects(golden, mode, { output: 'expand' }))).toBe(inOrder(childrenOf(golden, mode)));
  });

  it.each(table)('%s in %s mode, declared, is a resource that renders to the same children', (_name, mode, golden) => {
    expect(inOrder(rendered(golden, mode, constructObjects(golden, mode, { output: 'declare' })))).toBe(inOrder(childrenOf(golden, mode)));
  });

  it.each(table)('%s in %s mode, for KServe, is the same resource or an error that names the version', (name, mode, golden) => {
    const [, limit] = BEYOND_KSERVE.find(([pattern]) => pattern.test(`${name} ${mode}`)) ?? [];
    const build = (): readonly KubeObject[] => constructObjects(golden, mode, { output: 'declare', target: 'kserve-0.20' });
    if (limit !== undefined) expect(build).toThrow(`target kserve-0.20 ${limit}`);
    else expect(build()).toEqual(constructObjects(golden, mode, { output: 'declare' }));
  });
});

/** Cases that KServe 0.20 cannot do. */
const BEYOND_KSERVE: readonly (readonly [RegExp, string])[] = [
  [/^canary-shadow raw/, 'does not mirror requests to a canary'],
  [/^canary-raw-transformer raw/, 'sends the requests of a raw canary past transformer and explainer'],
  [/^rps-raw-keda raw/, 'makes an HPA that cannot work'],
  [/^disruption-budget raw/, 'ignores annotation'],
  [/^verified-digests raw/, 'ignores annotations'],
];

function childrenOf(golden: GoldenCase, mode: GoldenMode): readonly KubeObject[] {
  return parseObjects(presentFiles(golden).get(`${mode}.yaml`) ?? '');
}

/** What a controller makes of declared objects; routes that a construct adds beside its resource stay as they are. */
function rendered(golden: GoldenCase, mode: GoldenMode, objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.flatMap((object) => (identity(object) === identity(golden.service) ? renderCase(golden, mode, object).children : [object]));
}

/** A canary adds to the objects of its service, so constructs write them in another order than render does. */
function inOrder(objects: readonly KubeObject[]): string {
  return canonicalYaml([...objects].sort((a, b) => (identity(a) < identity(b) ? -1 : 1)));
}
