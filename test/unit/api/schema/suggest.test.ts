import { didYouMean, editDistance, suggest } from 'cdk8s-kserve/api';
import fc from 'fast-check';

describe('suggest', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['storageURI', ['storageUri', 'storage'], ['storageUri']],
    ['minReplica', ['minReplicas', 'maxReplicas'], ['minReplicas']],
    ['pedictor', ['predictor', 'transformer'], ['predictor']],
    ['rutnime', ['runtime'], ['runtime']],
    ['xyz', ['predictor', 'model'], []],
    ['a', ['b', 'c'], []],
    ['', ['a'], []],
  ])('for %j among %j it offers %j', (name, candidates, expected) => {
    expect(suggest(name, candidates)).toEqual(expected);
  });

  test('words one, two and three candidates', () => {
    expect(didYouMean('mod', ['zzz'])).toBeUndefined();
    expect(didYouMean('modle', ['model'])).toBe('did you mean "model"');
    expect(didYouMean('model1', ['model2', 'model3'])).toBe('did you mean "model2" or "model3"');
    expect(didYouMean('model1', ['model2', 'model3', 'model4', 'model5'])).toBe('did you mean "model2", "model3" or "model4"');
  });
});

describe('editDistance', () => {
  test.each<[string, string, number]>([['', '', 0], ['abc', 'abc', 0], ['abc', 'ab', 1], ['abc', 'acb', 1], ['abc', 'xyz', 3], ['', 'abc', 3], ['ca', 'abc', 3]])('%j to %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test('is symmetric, zero only for equals, and never more than the longer length', () => {
    fc.assert(fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }));
  });
});
