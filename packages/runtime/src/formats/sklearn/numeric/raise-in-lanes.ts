import { type Code, wasm, type WasmFunction } from '../../web-assembly/assembler';
import { RAISING } from './raise-negatives';

const { STEPS, powers, missing } = RAISING;

/** Numbers that the code uses in all lanes, and masks of the bits of a count of steps. */
const NUMBERS = { lowest: RAISING.LOWEST, perStep: RAISING.PER_STEP, rounding: RAISING.ROUNDING, high: RAISING.STEP_HIGH, low: RAISING.STEP_LOW, half: 1 / 2, third: 1 / 6, fourth: 1 / 24, fifth: 1 / 120 } as const;
const MASKS = { part: BigInt(STEPS - 1), octaves: ~BigInt(STEPS - 1) } as const;
const CONSTANTS = [...Object.keys(NUMBERS), ...Object.keys(MASKS)];

/** A power of the table and what it misses. */
const ENTRY_BYTES = 16;
const NUMBERS_AT = STEPS * ENTRY_BYTES;
const MASKS_AT = NUMBERS_AT + Object.keys(NUMBERS).length * 8;

/** Bytes that the code needs at the front of its memory, written by `writeRaiseTable`. */
export const RAISE_TABLE_BYTES = Math.ceil((NUMBERS_AT + CONSTANTS.length * 8) / 64) * 64;

const { get, set, i32, add, less, repeatWhile, addDoubles, subtractDoubles, multiplyDoubles, andVector } = wasm;

const [at, end, inRange, first, second] = [0, 1, 2, 3, 4];
const [x, steps, rest, square, power, all, entries, firstConstant] = [5, 6, 7, 8, 9, 10, 11, 12];

const constant = (name: keyof typeof NUMBERS | keyof typeof MASKS): Code => get(firstConstant + CONSTANTS.indexOf(name));

/**
 * `raise(from, end, inRange)`: what `raiseNegatives` does to the numbers from one address up to another, two at a time and equal to
 * the last bit. Lanes of the vector at `inRange` are all ones where every number was one that needs no `Math.exp`; the others of
 * that lane are not to be used.
 */
export function raiseInLanes(): WasmFunction {
  const code = [
    ...set(all, wasm.allOnes()),
    // From locals they are read in a fifth less of the time than from memory.
    ...CONSTANTS.flatMap((_, index) => set(firstConstant + index, wasm.loadLongInAllLanes(i32(0), NUMBERS_AT + index * 8))),
    ...repeatWhile([
      ...set(x, wasm.loadVector(get(at), 0)),
      ...set(all, andVector(get(all), wasm.greaterDoubles(get(x), constant('lowest')))),
      // Where the number is rounded, the low bits of the sum are its whole part.
      ...set(entries, addDoubles(multiplyDoubles(get(x), constant('perStep')), constant('rounding'))),
      ...set(steps, subtractDoubles(get(entries), constant('rounding'))),
      ...set(rest, subtractDoubles(subtractDoubles(get(x), multiplyDoubles(get(steps), constant('high'))), multiplyDoubles(get(steps), constant('low')))),
      ...set(square, multiplyDoubles(get(rest), get(rest))),
      ...set(x, wasm.shiftLongsLeft(andVector(get(entries), constant('part')), Math.log2(ENTRY_BYTES))),
      ...set(first, wasm.lane(get(x), 0)),
      ...set(second, wasm.lane(get(x), 2)),
      ...set(power, wasm.loadPair(get(first), get(second), 0)),
      ...set(rest, addDoubles(wasm.loadPair(get(first), get(second), 8), addDoubles(get(rest), multiplyDoubles(get(square), series())))),
      // The power is not below one half: another exponent of it is another octave.
      ...wasm.storeVector(get(at), 0, wasm.addLongs(
        addDoubles(get(power), multiplyDoubles(get(power), get(rest))),
        wasm.shiftLongsLeft(andVector(get(entries), constant('octaves')), 52 - Math.log2(STEPS)),
      )),
      ...set(at, add(get(at), i32(16))),
    ], less(get(at), get(end))),
    ...wasm.storeVector(get(inRange), 0, get(all)),
  ];
  return { name: 'raise', parameters: 3, locals: 2, vectors: 7 + CONSTANTS.length, code };
}

/** The terms of the power series from the second on, divided by the square. */
function series(): Code {
  return addDoubles(
    addDoubles(constant('half'), multiplyDoubles(get(rest), constant('third'))),
    multiplyDoubles(get(square), addDoubles(constant('fourth'), multiplyDoubles(get(rest), constant('fifth')))),
  );
}

/** Writes what `raise` looks up. */
export function writeRaiseTable(memory: ArrayBuffer): void {
  const numbers = new Float64Array(memory);
  for (let step = 0; step < STEPS; step++) numbers.set([powers[step] as number, missing[step] as number], (step * ENTRY_BYTES) / 8);
  numbers.set(Object.values(NUMBERS), NUMBERS_AT / 8);
  new BigInt64Array(memory).set(Object.values(MASKS), MASKS_AT / 8);
}
