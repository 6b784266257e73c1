/** A piece of Universal Binary JSON, for documents that no library would write. */
export function long(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.write('L');
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes;
}

export function key(name: string): Buffer {
  return Buffer.concat([long(Buffer.byteLength(name)), Buffer.from(name)]);
}

export function string(value: string): Buffer {
  return Buffer.concat([Buffer.from('S'), key(value)]);
}

/** Any parts, strings as they are. */
export function raw(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

/** A value as UBJSON: numbers in double precision, lists without a type. */
export function encode(value: unknown): Buffer {
  if (value === null) return raw('Z');
  if (typeof value === 'boolean') return raw(value ? 'T' : 'F');
  if (typeof value === 'string') return string(value);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.write('D');
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (Array.isArray(value)) return raw('[', ...value.map(encode), ']');
  return raw('{', ...Object.entries(value as object).map(([name, member]) => raw(key(name), encode(member))), '}');
}
