import { CONSTANT_COLUMNS, type NodeForm, ROWS } from './node-form';
import { type Code, wasm, type WasmFunction } from '../web-assembly/assembler';

const { get, set, i32, add, less, repeatWhile } = wasm;

const [at, end, missing, missingEnd, column] = [0, 1, 2, 3, 4];
const [number, key, replaced, zero, magnitude] = [5, 6, 7, 8, 9];

/**
 * `WalkKernel.makeKeys` and `makeRowKeys`, a vector at a time: adding zero takes the sign off zero, negative numbers have their
 * other bits turned over, and NaN, which differs from itself, gives way to the key that its column has for it.
 */
export function makeKeys({ keyBytes }: NodeForm, name: 'makeKeys' | 'makeRowKeys'): WasmFunction {
  const single = keyBytes === 4;
  const [plus, signs, differs] = single ? [wasm.addSingles, wasm.signsOfIntegers, wasm.differingSingles] : [wasm.addDoubles, wasm.signsOfLongs, wasm.differingDoubles];
  const columnBytes = ROWS * keyBytes;
  const vectors = name === 'makeKeys' ? columnBytes / 16 : 1;
  const oneVector = (index: number): Code => [
    ...set(number, plus(wasm.loadVector(get(at), index * 16), get(zero))),
    ...set(key, wasm.xorVector(get(number), wasm.andVector(signs(get(number)), get(magnitude)))),
    ...wasm.storeVector(get(at), index * 16, wasm.chooseBits(get(replaced), get(key), differs(get(number), get(number)))),
  ];
  const code = [
    ...set(zero, wasm.inAllLanes(i32(0))),
    ...set(magnitude, single ? wasm.shiftLanesRight(wasm.allOnes(), 1) : wasm.shiftLongsRight(wasm.allOnes(), 1)),
    ...repeatWhile([
      ...set(at, add(get(at), i32(CONSTANT_COLUMNS * columnBytes))),
      ...set(column, get(missing)),
      ...repeatWhile([
        ...set(replaced, single ? wasm.loadInAllLanes(get(column), 0) : wasm.loadLongInAllLanes(get(column), 0)),
        ...Array.from({ length: vectors }, (_, index) => oneVector(index)).flat(),
        ...set(at, add(get(at), i32(columnBytes))),
        ...set(column, add(get(column), i32(keyBytes))),
      ], less(get(column), get(missingEnd))),
    ], less(get(at), get(end))),
  ];
  return { name, parameters: 4, locals: 1, vectors: 5, code };
}
