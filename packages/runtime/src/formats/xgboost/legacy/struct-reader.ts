import { ByteReader } from '../../pickle/byte-reader';

/** Reads the C structs and vectors that XGBoost wrote as they lay in memory, little-endian. */
export class StructReader {
  readonly reader: ByteReader;

  constructor(bytes: Buffer, file: string) {
    this.reader = new ByteReader(bytes, file);
  }

  struct(length: number): Buffer {
    return this.reader.take(length);
  }

  /** A length of eight bytes and then as many characters. */
  text(): string {
    return this.reader.take(this.reader.u64()).toString('utf8');
  }

  /** A length of eight bytes and then as many numbers in single precision. */
  floats(): Float32Array {
    const count = this.reader.u64();
    const bytes = this.reader.take(count * 4);
    return Float32Array.from({ length: count }, (_, index) => bytes.readFloatLE(index * 4));
  }

  ints(count: number): Int32Array {
    const bytes = this.reader.take(count * 4);
    return Int32Array.from({ length: count }, (_, index) => bytes.readInt32LE(index * 4));
  }

  /** Pairs of texts. */
  pairs(): ReadonlyMap<string, string> {
    const pairs = new Map<string, string>();
    // Each pair takes sixteen bytes at least, so a count that lies runs out of file soon.
    for (let left = this.reader.u64(); left > 0; left--) {
      const key = this.text();
      pairs.set(key, this.text());
    }
    return pairs;
  }
}
