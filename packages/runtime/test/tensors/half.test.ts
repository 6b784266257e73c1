import { halfBits, halfValue } from '../../src/tensors/half';

test('every half comes back from its number', () => {
  for (let bits = 0; bits < 65536; bits++) {
    const value = halfValue(bits);
    if (Number.isNaN(value)) expect(halfBits(value)).toBe(0x7e00);
    else if (halfBits(value) !== bits) throw new Error(`${bits.toString(16)} became ${halfBits(value).toString(16)}`);
  }
});

test.each([
  [1, 0x3c00], [-2, 0xc000], [65504, 0x7bff], [65519.99, 0x7bff], [65520, 0x7c00], [-Infinity, 0xfc00],
  [2 ** -24, 0x0001], [2 ** -25, 0x0000], [1.5 * 2 ** -25, 0x0001], [2 ** -14 - 2 ** -26, 0x0400],
  // Ties go to the even neighbour.
  [2049, 0x6800], [2051, 0x6802], [1.99999, 0x4000], [-0, 0x8000],
])('%d is %d', (value, bits) => {
  expect(halfBits(value)).toBe(bits);
});
