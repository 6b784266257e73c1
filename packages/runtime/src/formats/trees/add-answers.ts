import { type Code, wasm, type WasmFunction } from '../web-assembly/assembler';

/** Answers of more numbers than this are added in a loop. */
const UNROLLED = 8;

const { get, set, i32, load, add, less, repeatWhile } = wasm;

/** `WalkKernel.addAnswers` for answers of `width` numbers of `bytes` bytes, `together` rows at a time. */
export function addAnswers(width: number, bytes: 4 | 8, together = 1): WasmFunction {
  const [leaves, end, values, out, stride, from, number] = [0, 1, 2, 3, 4, 5, 6];
  const addOne = (at: Code, source: Code, offset: number): Code => (bytes === 4
    ? wasm.storeSingle(at, offset, wasm.addSingle(wasm.loadSingle(at, offset), wasm.loadSingle(source, offset)))
    : wasm.storeDouble(at, offset, wasm.addDouble(wasm.loadDouble(at, offset), wasm.loadDouble(source, offset))));
  const addTwo = (at: Code, source: Code, offset: number): Code => wasm.storeVector(at, offset, wasm.addDoubles(wasm.loadVector(at, offset), wasm.loadVector(source, offset)));
  const pairs = bytes === 8 ? width >> 1 : 0;
  const unrolled = width > UNROLLED ? [] : [
    ...Array.from({ length: pairs }, (_, index) => addTwo(get(out), get(from), index * 16)),
    ...Array.from({ length: width - 2 * pairs }, (_, index) => addOne(get(out), get(from), (2 * pairs + index) * bytes)),
  ].flat();
  const all = width <= UNROLLED ? unrolled : repeatWhile([
    ...addOne(add(get(out), get(number)), add(get(from), get(number)), 0),
    ...set(number, add(get(number), i32(bytes))),
  ], less(get(number), i32(width * bytes)));
  const addRow = (row: number): Code => [
    ...set(from, add(get(values), wasm.multiply(load(get(leaves), row * 4), i32(width * bytes)))),
    ...set(number, i32(0)),
    ...all,
    ...set(out, add(get(out), get(stride))),
  ];
  const code = repeatWhile([
    ...Array.from({ length: together }, (_, row) => addRow(row)).flat(),
    ...set(leaves, add(get(leaves), i32(together * 4))),
  ], less(get(leaves), get(end)));
  return { name: 'addAnswers', parameters: 5, locals: 2, code };
}
