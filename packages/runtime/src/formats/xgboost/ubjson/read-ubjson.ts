import { ByteReader } from '../../pickle/byte-reader';
import { type Numbers, typedArrayOf } from './typed-array';

/** What a UBJSON document holds; objects have no prototype, so that no key means anything special. */
export type UbjsonValue = null | boolean | number | string | UbjsonValue[] | Numbers | { [key: string]: UbjsonValue };

/** A model of XGBoost nests 8 deep. */
const MAX_DEPTH = 64;

/** Objects and lists in one document, a model has about 15 for each tree. Empty ones take far more memory than file. */
const MAX_CONTAINERS = 4_000_000;

/** Marks by their ASCII code. */
const OBJECT = 0x7b, OBJECT_END = 0x7d, LIST = 0x5b, LIST_END = 0x5d, TYPE = 0x24, COUNT = 0x23, NO_OP = 0x4e;

/**
 * Reads a document of Universal Binary JSON (draft 12), numbers big-endian, as XGBoost writes it. Lists of one numeric
 * type become typed arrays. Every length is checked against what is left of the file before memory is taken.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT at the byte in question.
 */
export function readUbjson(bytes: Buffer, file: string): UbjsonValue {
  return new UbjsonReader(new ByteReader(bytes, file)).document();
}

class UbjsonReader {
  private readonly reader: ByteReader;
  private containers = 0;

  constructor(reader: ByteReader) {
    this.reader = reader;
  }

  document(): UbjsonValue {
    const value = this.value(this.mark(), 0);
    if (this.reader.remaining > 0) throw this.reader.corrupt(`${this.reader.remaining} bytes are left behind the end of the document`);
    return value;
  }

  private value(mark: number, depth: number): UbjsonValue {
    switch (mark) {
      case OBJECT:
        return this.object(this.deeper(depth));
      case LIST:
        return this.list(this.deeper(depth));
      case 0x53: // S
        return this.text();
      case 0x43: // C
        return String.fromCharCode(this.reader.u8());
      case 0x54: // T
        return true;
      case 0x46: // F
        return false;
      case 0x5a: // Z
        return null;
      default:
        return this.number(mark);
    }
  }

  private object(depth: number): UbjsonValue {
    const { reader } = this;
    const object = Object.create(null) as { [key: string]: UbjsonValue };
    if (this.next() === TYPE) throw reader.corrupt('an object of one type, which XGBoost does not write');
    if (this.next() === COUNT) {
      reader.position += 1;
      // A member takes three bytes at least.
      for (let left = this.length(3); left > 0; left--) this.member(object, depth);
      return object;
    }
    while (this.next() !== OBJECT_END) this.member(object, depth);
    reader.position += 1;
    return object;
  }

  private member(object: { [key: string]: UbjsonValue }, depth: number): void {
    const name = this.text();
    object[name] = this.value(this.mark(), depth);
  }

  private list(depth: number): UbjsonValue {
    const { reader } = this;
    const list: UbjsonValue[] = [];
    if (this.next() === TYPE) {
      reader.position += 1;
      return this.typedList();
    }
    if (this.next() === COUNT) {
      reader.position += 1;
      for (let left = this.length(1); left > 0; left--) list.push(this.value(this.mark(), depth));
      return list;
    }
    while (this.next() !== LIST_END) list.push(this.value(this.mark(), depth));
    reader.position += 1;
    return list;
  }

  private typedList(): Numbers {
    const { reader } = this;
    const start = reader.position;
    const type = String.fromCharCode(reader.u8());
    if (reader.u8() !== COUNT) throw reader.corrupt('a list of one type has no length', start);
    const numbers = typedArrayOf(type, (itemBytes) => reader.take(this.length(itemBytes) * itemBytes));
    if (!numbers) throw reader.corrupt(`there are no lists of type ${JSON.stringify(type)}`, start);
    return numbers;
  }

  private number(mark: number): number {
    const { reader } = this;
    switch (mark) {
      case 0x69: // i
        return reader.take(1).readInt8(0);
      case 0x55: // U
        return reader.u8();
      case 0x49: // I
        return reader.take(2).readInt16BE(0);
      case 0x6c: // l
        return reader.take(4).readInt32BE(0);
      case 0x4c: // L, rounded beyond 2^53, where no length or index can be
        return Number(reader.take(8).readBigInt64BE(0));
      case 0x64: // d
        return reader.take(4).readFloatBE(0);
      case 0x44: // D
        return reader.f64BigEndian();
      default:
        throw reader.corrupt(`there is no mark 0x${mark.toString(16)}`, reader.position - 1);
    }
  }

  /** A length or count, of things that take `itemBytes` each at least. */
  private length(itemBytes: number): number {
    const { reader } = this;
    const start = reader.position;
    const length = this.number(this.mark());
    if (!Number.isInteger(length) || length < 0 || length > Math.floor(reader.remaining / itemBytes)) {
      throw reader.corrupt(`a length of ${length} where ${reader.remaining} bytes are left`, start);
    }
    return length;
  }

  private text(): string {
    return this.reader.take(this.length(1)).toString('utf8');
  }

  private deeper(depth: number): number {
    if (depth === MAX_DEPTH) throw this.reader.corrupt(`nested more than ${MAX_DEPTH} deep`);
    this.containers += 1;
    if (this.containers > MAX_CONTAINERS) throw this.reader.corrupt(`more than ${MAX_CONTAINERS} lists and objects`);
    return depth + 1;
  }

  /** The next mark, not consumed. */
  private next(): number {
    const { reader } = this;
    while (reader.bytes[reader.position] === NO_OP) reader.position += 1;
    const mark = reader.bytes[reader.position];
    if (mark === undefined) throw reader.corrupt('ends too early');
    return mark;
  }

  private mark(): number {
    const mark = this.next();
    this.reader.position += 1;
    return mark;
  }
}
