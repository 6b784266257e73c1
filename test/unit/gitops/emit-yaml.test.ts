import { Yaml } from 'cdk8s';
import fc from 'fast-check';
import { customResourceDefinitions } from '../../../src/api';
import { emitYaml } from '../../../src/gitops/emit-yaml';
import { expectedFiles, goldenCases } from '../../support/golden';
import { objectsOf } from '../lint/support';

/** Texts that YAML could take for something else, or that need quotes, blocks or escapes. */
const TRAPS = [
  '', ' ', 'y', 'No', 'ON', 'null', 'Null', '~', 'true', '1', '1.0', '1e3', '0x1f', '0o7', '012', '1_000', '12:30:45', 'e0', 'E12', 'e1_0', '2026-01-01', '.inf', '.nan', '=', '<<', '-', '- a', '--flag=x', '?', ':', 'a:', ':a', 'a: b', 'a:b', 'a #b', '#a',
  'a,b', '[a]', '{a}', '&a', '*a', '!a', '|', '>', '%a', '@a', '`a`', '"a"', "'a'", 'a\\b', 'a\nb', 'a\n', '\ta', 'é', '\u0000', '\u2028', 'a'.repeat(300), '{{.Name}}', '$(POD_NAME)', '100m', '1Gi', '10%', 's3://m/iris', 'team/x:1.2', 'x:y:z', 'a.b/c',
];
const text = fc.oneof(fc.constantFrom(...TRAPS), fc.string(), fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9./:@_-]{0,12}$/));
const leaf = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true })),
}));

describe('emitYaml writes what cdk8s would', () => {
  it('of anything', () => {
    fc.assert(fc.property(value, (given) => expect(emitYaml(given)).toBe(Yaml.stringify(given))), { numRuns: 1000 });
  });

  it('of each text that is a trap, as value, item and key', () => {
    for (const trap of TRAPS) {
      for (const given of [{ a: trap }, [trap], { [trap]: 1 }, { a: [{ b: trap, [trap]: [trap] }] }]) expect(emitYaml(given)).toBe(Yaml.stringify(given));
    }
  });

  it('of every child of every golden case, and of the CRDs', () => {
    const children = goldenCases().flatMap((golden) => [...expectedFiles(golden)].filter(([file]) => file.endsWith('.yaml')).flatMap(([, content]) => objectsOf(content)));
    expect(children.length).toBeGreaterThan(300);
    // Synthesis copies what it writes, so nothing is there twice and needs an anchor.
    const crds = customResourceDefinitions().map((crd) => JSON.parse(JSON.stringify(crd)) as object);
    for (const object of [...children, ...crds]) expect(emitYaml(object)).toBe(Yaml.stringify(object));
  });
});
