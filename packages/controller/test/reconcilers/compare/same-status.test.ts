import { sameStatus } from '../../../src/reconcilers/compare/same-status';

const ready = (time: string, reason = 'Ok'): object => ({ conditions: [{ type: 'Ready', status: 'True', reason, lastTransitionTime: time }] });

test('a status is the same at another time, in another key order and with undefined for absent', () => {
  expect(sameStatus(ready('2026-01-01T00:00:00Z'), ready('2027-01-01T00:00:00Z'))).toBe(true);
  expect(sameStatus({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1, e: undefined })).toBe(true);
  expect(sameStatus(undefined, {})).toBe(true);
});

test('a status is another one when a condition says something else', () => {
  expect(sameStatus(ready('2026-01-01T00:00:00Z'), ready('2026-01-01T00:00:00Z', 'Late'))).toBe(false);
  expect(sameStatus(ready('2026-01-01T00:00:00Z'), {})).toBe(false);
  expect(sameStatus({ list: [1, 2] }, { list: [2, 1] })).toBe(false);
});
