/** Writes pickles piece by piece, as Python would and as it never would. Every function returns the bytes that leave one value. */

export const none = Buffer.of(0x4e);

export function bool(value: boolean): Buffer {
  return Buffer.of(value ? 0x88 : 0x89);
}

/** A 32-bit integer. */
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(5, 0x4a);
  bytes.writeInt32LE(value, 1);
  return bytes;
}

export function float(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0x47);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

export function text(value: string): Buffer {
  return withLength(0x58, Buffer.from(value));
}

export function bytes(value: Uint8Array): Buffer {
  return withLength(0x42, value);
}

export function tuple(...items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(0x28), ...items, Buffer.of(0x74)]);
}

export function list(...items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(0x5d, 0x28), ...items, Buffer.of(0x65)]);
}

export function dict(entries: Readonly<Record<string, Buffer>>): Buffer {
  const pairs = Object.entries(entries).flatMap(([key, value]) => [text(key), value]);
  return Buffer.concat([Buffer.of(0x7d, 0x28), ...pairs, Buffer.of(0x75)]);
}

/** A class or function by name. */
export function named(module: string, name: string): Buffer {
  return Buffer.concat([text(module), text(name), Buffer.of(0x93)]);
}

/** What Python executes as `module.name(*args)`. */
export function call(module: string, name: string, ...args: readonly Buffer[]): Buffer {
  return Buffer.concat([named(module, name), tuple(...args), Buffer.of(0x52)]);
}

/** `object` with `state` restored to it. */
export function build(object: Buffer, state: Buffer): Buffer {
  return Buffer.concat([object, state, Buffer.of(0x62)]);
}

/** An instance of a class with these attributes. */
export function instance(module: string, name: string, attributes: Readonly<Record<string, Buffer>>): Buffer {
  return build(call(module, name), dict(attributes));
}

/** A NumPy dtype of a one-letter code and width, e.g. `f8`. */
export function dtype(code: string, byteOrder = '<', itemsize = -1): Buffer {
  return build(
    call('numpy', 'dtype', text(code), bool(false), bool(true)),
    tuple(int(3), text(byteOrder), none, none, none, int(itemsize), int(-1), int(0)),
  );
}

/** A dtype of records with these fields, one behind the other. */
export function recordDtype(fields: Readonly<Record<string, readonly [code: string, width: number]>>): Buffer {
  let offset = 0;
  const described: Record<string, Buffer> = {};
  for (const [name, [code, width]] of Object.entries(fields)) {
    described[name] = tuple(dtype(code), int(offset));
    offset += width;
  }
  return build(
    call('numpy', 'dtype', text(`V${offset}`), bool(false), bool(true)),
    tuple(int(3), text('|'), none, tuple(...Object.keys(fields).map(text)), dict(described), int(offset), int(1), int(16)),
  );
}

/** A NumPy array, row after row, as protocol 4 pickles it. */
export function array(elementType: Buffer, shape: readonly number[], data: Uint8Array): Buffer {
  return build(
    call('numpy.core.multiarray', '_reconstruct', named('numpy', 'ndarray'), tuple(int(0)), bytes(Buffer.from('b'))),
    tuple(int(1), tuple(...shape.map(int)), elementType, bool(false), bytes(data)),
  );
}

export function floats(shape: readonly number[], values: readonly number[]): Buffer {
  return array(dtype('f8'), shape, new Uint8Array(Float64Array.from(values).buffer));
}

export function integers(values: readonly number[]): Buffer {
  return array(dtype('i4'), [values.length], new Uint8Array(Int32Array.from(values).buffer));
}

/** A whole pickle of protocol 4. */
export function pickle(value: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x80, 4), value, Buffer.of(0x2e)]);
}

function withLength(opcode: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(5, opcode);
  head.writeUInt32LE(data.length, 1);
  return Buffer.concat([head, data]);
}
