import fc from 'fast-check';
import { parseLabelSelector } from '../../../src/apiserver/selectors/label-selector';

const name = fc.constantFrom('a', 'b', 'app.io/c');
const value = fc.constantFrom('1', '2', 'x-y', '');
const labels = fc.dictionary(name, value);

describe('parseLabelSelector', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['', {}, true], ['a', { a: '' }, true], ['a', {}, false], ['!a', {}, true], ['a=1', { a: '1' }, true], ['a==1', { a: '2' }, false], ['a!=1', {}, true], ['a = 1 , b != 2', { a: '1', b: '3' }, true],
    ['a in (1, 2)', { a: '2' }, true], ['a notin (1)', {}, true], ['a notin (1),a', {}, false], ['a>5', { a: '6' }, true], ['a<5', { a: 'x' }, false], ['app.io/c=', { 'app.io/c': '' }, true],
    ['toString', {}, false],
  ])('%j on %j is %s', (text, given, expected) => {
    expect(parseLabelSelector(text)(given)).toBe(expected);
  });

  test.each(['a b', '=1', 'a=(', 'a in (1', 'a in 1', 'a in ((1))', 'a,,b', 'a=b c', '-a=1', ')'])('%j is a bad request', (text) => {
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ code: 400 }));
  });

  test('= and != , in and notin, are opposites on every set of labels', () => {
    fc.assert(fc.property(name, value, value, labels, (n, v, w, given) => {
      const holds = (text: string): boolean => parseLabelSelector(text)(given);
      expect(holds(`${n}=${v}`)).toBe(!holds(`${n}!=${v}`));
      expect(holds(`${n} in (${v},${w})`)).toBe(!holds(`${n} notin (${v},${w})`));
      expect(holds(`${n} in (${v},${w})`)).toBe(holds(`${n}=${v}`) || holds(`${n}=${w}`));
      expect(holds(n)).toBe(!holds(`!${n}`));
    }));
  });

  test('a comma means and', () => {
    fc.assert(fc.property(name, value, name, labels, (n, v, m, given) => {
      expect(parseLabelSelector(`${n}=${v},!${m}`)(given)).toBe(parseLabelSelector(`${n}=${v}`)(given) && parseLabelSelector(`!${m}`)(given));
    }));
  });

  test('never throws anything but a bad request', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      try {
        parseLabelSelector(text)({ a: '1' });
      } catch (error) {
        expect(error).toMatchObject({ code: 400, reason: 'BadRequest' });
      }
    }));
  });
});
