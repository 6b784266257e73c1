import { humanDuration } from '../../../src/apiserver/table/human-duration';

test.each<[number, string]>([
  [-5, '<invalid>'], [-1, '0s'], [0, '0s'], [119, '119s'], [120, '2m'], [190, '3m10s'], [600, '10m'], [3 * 3600, '3h'], [5 * 3600 + 720, '5h12m'], [8 * 3600, '8h'], [47 * 3600, '47h'],
  [2 * 86400 + 4 * 3600, '2d4h'], [8 * 86400, '8d'], [400 * 86400, '400d'], [760 * 86400, '2y30d'], [9 * 365 * 86400, '9y'],
])('%i seconds are %s', (seconds, text) => {
  expect(humanDuration(seconds * 1000)).toBe(text);
});
