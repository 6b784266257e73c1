import { RAISE_TABLE_BYTES, raiseInLanes, writeRaiseTable } from '../../../../src/formats/sklearn/numeric/raise-in-lanes';
import { raiseNegatives } from '../../../../src/formats/sklearn/numeric/raise-negatives';
import { moduleBytes } from '../../../../src/formats/web-assembly/assembler';
import { WasmProgram } from '../../../../src/formats/web-assembly/program';
import { randomOf } from '../../../support/random';

const AT = RAISE_TABLE_BYTES + 16;

/** The results of both lanes, and whether they may be used. */
function raisedInLanes(numbers: readonly number[]): { readonly results: readonly number[]; readonly inRange: readonly boolean[] } {
  const running = WasmProgram.of(moduleBytes([raiseInLanes()]))?.over(AT + numbers.length * 8);
  if (!running) throw new Error('no WebAssembly');
  writeRaiseTable(running.buffer);
  const memory = new Float64Array(running.buffer, AT, numbers.length);
  memory.set(numbers);
  (running.exports as { raise(from: number, end: number, inRange: number): void }).raise(AT, AT + numbers.length * 8, RAISE_TABLE_BYTES);
  return { results: [...memory], inRange: [...new BigInt64Array(running.buffer, RAISE_TABLE_BYTES, 2)].map((bits) => bits === -1n) };
}

test.each([1e-300, 1e-3, 1, 40, 699.9])('numbers down to -%s have the powers of raiseNegatives, to the last bit', (depth) => {
  const random = randomOf(5);
  const numbers = [0, -0, -depth, ...Array.from({ length: 997 }, () => -depth * random())];
  const wanted = Float64Array.from(numbers);
  raiseNegatives(wanted, wanted.length);
  expect(raisedInLanes(numbers)).toEqual({ results: [...wanted], inRange: [true, true] });
});

test.each([-700, -745, -Infinity, Number.NaN])('%s is told in its own lane', (number) => {
  expect(raisedInLanes([-1, -2, number, -3]).inRange).toEqual([false, true]);
  expect(raisedInLanes([-1, number, -2, -3]).inRange).toEqual([true, false]);
});
