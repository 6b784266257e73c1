import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

const KINDS = { commit: 1, tree: 2, blob: 3, tag: 4, ofsDelta: 6, refDelta: 7 } as const;

export interface GitObject {
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly content: Buffer;
  readonly oid: string;
}

export function gitObject(type: GitObject['type'], content: Buffer | string): GitObject {
  const bytes = Buffer.from(content as string);
  return { type, content: bytes, oid: createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex') };
}

export interface TreeLine {
  readonly name: string;
  readonly oid: string;
  /** @default '100644' */
  readonly mode?: string;
}

export function treeOf(lines: readonly TreeLine[]): GitObject {
  return gitObject('tree', Buffer.concat(lines.flatMap(({ mode = '100644', name, oid }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])));
}

export function commitOf(tree: GitObject): GitObject {
  return gitObject('commit', `tree ${tree.oid}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\nmore\n`);
}

/** A commit of files by path, with all that it is made of; the commit is first. */
export function commitWith(files: Readonly<Record<string, Buffer | string>>): readonly GitObject[] {
  const objects: GitObject[] = [];
  const folder = (prefix: string): GitObject => {
    const below = Object.keys(files).filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    const names = [...new Set(below.map((path) => path.split('/')[0] ?? ''))].sort();
    const lines = names.map((name): TreeLine => {
      const content = files[prefix + name];
      const object = content === undefined ? folder(`${prefix}${name}/`) : gitObject('blob', content);
      objects.push(object);
      return { name, oid: object.oid, ...(content === undefined ? { mode: '40000' } : {}) };
    });
    return treeOf(lines);
  };
  const tree = folder('');
  return [commitOf(tree), tree, ...new Map(objects.map((object) => [object.oid, object])).values()];
}

/** What stands in a pack, as it stands there. */
export interface Packed {
  readonly kind: keyof typeof KINDS | 0 | 5;
  readonly content: Buffer;
  /** What the head says. @default - the truth */
  readonly size?: number;
  /** Of a delta: an object's name, or how many bytes before this. */
  readonly base?: string | number;
  /** What stands there in place of the compressed content. */
  readonly raw?: Buffer;
}

export function packed(object: GitObject): Packed {
  return { kind: object.type, content: object.content };
}

export interface PackOptions {
  /** How many objects the head announces. @default - the truth */
  readonly count?: number;
  /** What it begins with. @default 'PACK' */
  readonly magic?: string;
  /** @default 2 */
  readonly version?: number;
  /** Stands behind the objects. */
  readonly extra?: Buffer;
  /** @default - the right one */
  readonly digest?: Buffer;
}

/** A pack, written by hand so that no program of git has a say in what is allowed. */
export function packOf(objects: readonly Packed[], { count = objects.length, magic = 'PACK', version = 2, extra = Buffer.alloc(0), digest }: PackOptions = {}): Buffer {
  const head = Buffer.alloc(12);
  head.write(magic);
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(count, 8);
  const body = Buffer.concat([head, ...objects.map(entryBytes), extra]);
  return Buffer.concat([body, digest ?? createHash('sha1').update(body).digest()]);
}

/** How many bytes an object takes in a pack; a delta to the object before it is so far away. */
export function entryBytes({ kind, content, size = content.length, base, raw }: Packed): Buffer {
  const code = typeof kind === 'string' ? KINDS[kind] : kind;
  const head = [(code << 4) | (size & 15)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    head[head.length - 1]! |= 128;
    head.push(rest & 127);
  }
  const of = typeof base === 'string' ? Buffer.from(base, 'hex') : base === undefined ? Buffer.alloc(0) : distanceOf(base);
  return Buffer.concat([Buffer.from(head), of, raw ?? deflateSync(content)]);
}

/** The highest seven bits first, and no number in two ways. */
function distanceOf(distance: number): Buffer {
  const bytes = [distance & 127];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest--;
    bytes.unshift(128 | (rest & 127));
  }
  return Buffer.from(bytes);
}

/** A step of a delta: bytes of the base from a place, or bytes of its own. */
export type DeltaStep = readonly [from: number, length: number] | Buffer;

/** A delta; the sizes it states are those it needs, unless others are given. */
export function deltaOf(baseSize: number, steps: readonly DeltaStep[], resultSize = steps.reduce((sum, step) => sum + (Buffer.isBuffer(step) ? step.length : step[1]), 0)): Buffer {
  const parts = steps.flatMap((step) => (Buffer.isBuffer(step) ? literals(step) : [copyOf(step[0], step[1])]));
  return Buffer.concat([varint(baseSize), varint(resultSize), ...parts]);
}

function literals(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 127) pieces.push(Buffer.concat([Buffer.from([Math.min(127, bytes.length - at)]), bytes.subarray(at, at + 127)]));
  return pieces;
}

function copyOf(from: number, length: number): Buffer {
  const [offset, size] = [Buffer.alloc(4), Buffer.alloc(4)];
  offset.writeUInt32LE(from);
  size.writeUInt32LE(length);
  return Buffer.from([255, ...offset, ...size.subarray(0, 3)]);
}

function varint(value: number): Buffer {
  const bytes = [value & 127];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 128;
    bytes.push(rest & 127);
  }
  return Buffer.from(bytes);
}
