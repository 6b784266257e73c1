/** Bytes of WebAssembly: instructions one after the other. */
export type Code = readonly number[];

/** An integer in the fewest groups of seven bits (LEB128); opcodes' operands, sizes and indices are written so. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** The same with a sign, which constants have. */
function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    // The sixth bit of the last group is the sign.
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const I32 = 0x7f;
const V128 = 0x7b;

/** Bytes of two vectors that a shuffle takes. */
const LOW_HALVES: Code = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];

const wasmConstant = (value: number): Code => [0x41, ...signed(value)];

/** The instructions that kernels are made of. Operands come before the operator, as on the stack. */
export const wasm = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)],
  i32: wasmConstant,
  load: (address: Code, offset: number): Code => [...address, 0x28, 2, ...unsigned(offset)],
  loadShort: (address: Code, offset: number): Code => [...address, 0x2f, 1, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [...address, ...value, 0x36, 2, ...unsigned(offset)],
  loadLong: (address: Code, offset: number): Code => [...address, 0x29, 3, ...unsigned(offset)],
  loadSingle: (address: Code, offset: number): Code => [...address, 0x2a, 2, ...unsigned(offset)],
  loadDouble: (address: Code, offset: number): Code => [...address, 0x2b, 3, ...unsigned(offset)],
  storeSingle: (address: Code, offset: number, value: Code): Code => [...address, ...value, 0x38, 2, ...unsigned(offset)],
  storeDouble: (address: Code, offset: number, value: Code): Code => [...address, ...value, 0x39, 3, ...unsigned(offset)],
  addSingle: (left: Code, right: Code): Code => [...left, ...right, 0x92],
  addDouble: (left: Code, right: Code): Code => [...left, ...right, 0xa0],
  add: (left: Code, right: Code): Code => [...left, ...right, 0x6a],
  subtract: (left: Code, right: Code): Code => [...left, ...right, 0x6b],
  multiply: (left: Code, right: Code): Code => [...left, ...right, 0x6c],
  shiftLeft: (value: Code, bits: number): Code => [...value, ...wasmConstant(bits), 0x74],
  or: (left: Code, right: Code): Code => [...left, ...right, 0x72],
  xor: (left: Code, right: Code): Code => [...left, ...right, 0x73],
  /** 1 where the left one is not less, else 0. */
  notLess: (left: Code, right: Code): Code => [...left, ...right, 0x4e],
  notLessLong: (left: Code, right: Code): Code => [...left, ...right, 0x59],
  trailingZeros: (value: Code): Code => [...value, 0x68],
  less: (left: Code, right: Code): Code => [...left, ...right, 0x48],
  /** Four numbers or integers of 32 bits at once. */
  loadVector: (address: Code, offset: number): Code => [...address, 0xfd, 0x00, 4, ...unsigned(offset)],
  loadInAllLanes: (address: Code, offset: number): Code => [...address, 0xfd, 0x09, 2, ...unsigned(offset)],
  loadShortInAllLanes: (address: Code, offset: number): Code => [...address, 0xfd, 0x08, 1, ...unsigned(offset)],
  /** The number at the first address in the lower lane, and that at the second in the upper one. */
  loadPair: (low: Code, high: Code, offset: number): Code => [...high, ...low, 0xfd, 0x5d, 3, ...unsigned(offset), 0xfd, 0x57, 3, ...unsigned(offset), 1],
  loadLongInAllLanes: (address: Code, offset: number): Code => [...address, 0xfd, 0x0a, 3, ...unsigned(offset)],
  storeVector: (address: Code, offset: number, value: Code): Code => [...address, ...value, 0xfd, 0x0b, 4, ...unsigned(offset)],
  inAllLanes: (value: Code): Code => [...value, 0xfd, 0x11],
  /** All bits of a lane where the left single-precision number is greater. */
  greaterInLanes: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x44],
  /** The same of four integers of 32 bits, and of two of 64. */
  greaterIntegers: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x3b],
  greaterLongs: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0xd9, 0x01],
  /** Eight lanes of 16 bits of two vectors of four lanes whose bits are all the same. */
  narrow: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x85, 0x01],
  /** Four lanes of 32 bits, the low halves of the lanes of two vectors of two. */
  halvesOfLongs: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x0d, ...LOW_HALVES],
  allZeros: (): Code => [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)],
  allOnes: (): Code => [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0xff)],
  andVector: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x4e],
  orVector: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x50],
  xorVector: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x51],
  /** The bits of the first where the mask has ones, else those of the second. */
  chooseBits: (first: Code, second: Code, mask: Code): Code => [...first, ...second, ...mask, 0xfd, 0x52],
  addSingles: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0xe4, 0x01],
  addDoubles: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0xf0, 0x01],
  subtractDoubles: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0xf1, 0x01],
  multiplyDoubles: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0xf2, 0x01],
  greaterDoubles: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x4a],
  addLongs: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0xce, 0x01],
  shiftLongsLeft: (value: Code, bits: number): Code => [...value, ...wasmConstant(bits), 0xfd, 0xcb, 0x01],
  /** One of four integers of 32 bits. */
  lane: (value: Code, index: number): Code => [...value, 0xfd, 0x1b, index],
  /** All bits of a lane where two numbers differ, as NaN does from itself. */
  differingSingles: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x42],
  differingDoubles: (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0x48],
  /** The sign of a lane in all of its bits. */
  signsOfIntegers: (value: Code): Code => [...value, ...wasmConstant(31), 0xfd, 0xac, 0x01],
  signsOfLongs: (value: Code): Code => [...value, ...wasmConstant(63), 0xfd, 0xcc, 0x01],
  /** Zeros come in from the left. */
  shiftLanesRight: (value: Code, bits: number): Code => [...value, ...wasmConstant(bits), 0xfd, 0xad, 0x01],
  shiftLongsRight: (value: Code, bits: number): Code => [...value, ...wasmConstant(bits), 0xfd, 0xcd, 0x01],
  shiftLanesLeft: (value: Code, bits: number): Code => [...value, ...wasmConstant(bits), 0xfd, 0xab, 0x01],
  /** Repeats the body as long as the condition that ends it is not zero. */
  repeatWhile: (body: Code, condition: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b],
  when: (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b],
} as const;

/** A function without a result: its parameters and locals are 32-bit integers, behind which come locals of vectors. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  readonly locals: number;
  readonly vectors?: number;
  readonly code: Code;
}

/** A module over a memory it imports as `host.memory`, which exports its functions. */
export function moduleBytes(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...vector(Array.from({ length: parameters }, () => [I32])), 0]);
  const bodies = functions.map(({ locals, vectors = 0, code }) => sized([2, ...unsigned(locals), I32, ...unsigned(vectors), V128, ...code, 0x0b]));
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector(types)),
    ...section(2, vector([[...text('host'), ...text('memory'), 2, 0, ...unsigned(1)]])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]))),
    ...section(10, vector(bodies)),
  ]);
}

const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const section = (id: number, bytes: Code): Code => [id, ...sized(bytes)];
const text = (value: string): Code => sized([...Buffer.from(value, 'utf8')]);
