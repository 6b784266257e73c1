/** A list of numbers of one type. */
export type Numbers = Int8Array | Uint8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/**
 * The numbers of a list that is typed by one of UBJSON's marks; they lie big-endian in the file.
 *
 * @param take reads the bytes, given those of one element. @returns `undefined` for a mark that is no number: an element
 * of such a list can take no bytes at all, and a short file could then ask for any number of them.
 */
export function typedArrayOf(mark: string, take: (itemBytes: number) => Buffer): Numbers | undefined {
  switch (mark) {
    case 'i':
      return new Int8Array(copy(take(1)));
    case 'U':
      return new Uint8Array(copy(take(1)));
    case 'I':
      return new Int16Array(copy(take(2), (bytes) => bytes.swap16()));
    case 'l':
      return new Int32Array(copy(take(4), (bytes) => bytes.swap32()));
    case 'd':
      return new Float32Array(copy(take(4), (bytes) => bytes.swap32()));
    case 'D':
      return new Float64Array(copy(take(8), (bytes) => bytes.swap64()));
    case 'L':
      // Rounded beyond 2^53, where no index can be.
      return Float64Array.from(new BigInt64Array(copy(take(8), (bytes) => bytes.swap64())), Number);
    default:
      return undefined;
  }
}

/** Memory of its own: a typed array must start at a multiple of its element, and swapping must not change the file. */
function copy(bytes: Buffer, swap?: (bytes: Buffer) => void): ArrayBuffer {
  const memory = new ArrayBuffer(bytes.length);
  const copied = Buffer.from(memory);
  bytes.copy(copied);
  swap?.(copied);
  return memory;
}
