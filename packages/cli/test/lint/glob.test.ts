import { matchesGlob } from '../../src/lint/glob';

describe('matchesGlob', () => {
  it.each<[string, string, boolean]>([
    ['vendor/a.yaml', 'vendor/**', true],
    ['vendor/x/a.yaml', 'vendor', true],
    ['vendored/a.yaml', 'vendor', false],
    ['dist/a.yaml', '*.yaml', false],
    ['dist/x/a.yaml', '**/*.yaml', true],
    ['a.yaml', '**/*.yaml', true],
    ['a1.yaml', 'a?.yaml', true],
    ['aXyaml', 'a.yaml', false],
  ])('%s against %s is %s', (path, pattern, matches) => expect(matchesGlob(path, pattern)).toBe(matches));
});
