import { brokenPack } from './broken-pack';
import type { ObjectType } from './content';
import type { PackFile } from './pack-file';

const TYPES: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFS_DELTA = 6;
const REF_DELTA = 7;

/** One object of a pack: whole, or a delta to another. */
export interface PackEntry {
  /** Of its head; names it inside the pack. */
  readonly offset: number;
  /** Of its compressed bytes. */
  readonly data: number;
  /** Of what is compressed: the object, or the delta. */
  readonly size: number;
  /** `undefined` for a delta until its base is known. */
  type: ObjectType | undefined;
  /** Offset or name of the base of a delta. */
  readonly base: number | string | undefined;
}

/** Reads the head of an object. @throws IsvcError ISVC_FETCH_CORRUPT */
export async function readEntry(pack: PackFile, offset: number): Promise<PackEntry> {
  const head = await pack.bytes(offset, 64);
  let at = 0;
  const next = (): number => {
    const byte = head[at++];
    if (byte === undefined) throw brokenPack('it ends inside an object');
    return byte;
  };
  let byte = next();
  const kind = (byte >> 4) & 7;
  let size = byte & 15;
  for (let factor = 16; byte >= 128; factor *= 128) {
    byte = next();
    size += (byte & 127) * factor;
  }
  if (!Number.isSafeInteger(size)) throw brokenPack('an object is too large');
  if (kind === REF_DELTA) {
    const base = head.toString('hex', at, at + 20);
    return { offset, data: offset + at + 20, size, type: undefined, base };
  }
  if (kind === OFS_DELTA) {
    byte = next();
    let distance = byte & 127;
    while (byte >= 128) {
      byte = next();
      distance = (distance + 1) * 128 + (byte & 127);
    }
    if (distance <= 0 || distance > offset) throw brokenPack('a delta is of something before the pack');
    return { offset, data: offset + at, size, type: undefined, base: offset - distance };
  }
  const type = TYPES[kind];
  if (!type) throw brokenPack(`an object is of kind ${kind}`);
  return { offset, data: offset + at, size, type, base: undefined };
}
