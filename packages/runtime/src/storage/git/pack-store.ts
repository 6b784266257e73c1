import { join } from 'node:path';
import type { ArchiveCount } from '../archive/limits';
import { brokenPack } from './broken-pack';
import { type Content, ContentReader, ContentWriter, objectHash, type ObjectType, SMALL_BYTES } from './content';
import { applyDelta, deltaSizes, streamDelta } from './delta';
import { type PackEntry, readEntry } from './pack-entry';
import type { PackFile } from './pack-file';

/** Small objects kept because a delta may soon want them. */
const CACHE_BYTES = 16 * 1024 * 1024;
const HEAD_BYTES = 12;
const DIGEST_BYTES = 20;

export interface PackStoreOptions {
  /** For objects that are too large for memory; must exist. */
  readonly scratch: string;
  readonly count: ArchiveCount;
  readonly signal: AbortSignal;
}

/**
 * The objects of a pack by name. Deltas are resolved once, bases before what is built on them; memory holds no more than a
 * window of the pack, a few small objects and one line for each object.
 */
export class PackStore {
  private readonly pack: PackFile;
  private readonly options: PackStoreOptions;
  private readonly entries = new Map<number, PackEntry>();
  private readonly byName = new Map<string, PackEntry>();
  /** Lengths of the results of deltas that lie in files. */
  private readonly built = new Map<number, number>();
  private readonly cache = new Map<number, Buffer>();
  private cached = 0;

  constructor(pack: PackFile, options: PackStoreOptions) {
    this.pack = pack;
    this.options = options;
  }

  /** Reads all of the pack. Every object gets its name by its hash. @throws IsvcError ISVC_FETCH_CORRUPT, ISVC_FETCH_UNSAFE */
  async index(): Promise<void> {
    const head = await this.pack.bytes(0, HEAD_BYTES);
    if (head.length < HEAD_BYTES || head.toString('latin1', 0, 4) !== 'PACK' || ![2, 3].includes(head.readUInt32BE(4))) throw brokenPack('it is none');
    const objects = head.readUInt32BE(8);
    const deltas = new Map<number | string, readonly PackEntry[]>();
    let at = HEAD_BYTES;
    for (let i = 0; i < objects; i++) {
      this.options.signal.throwIfAborted();
      this.options.count.addEntry();
      const entry = await readEntry(this.pack, at);
      this.entries.set(entry.offset, entry);
      if (entry.base !== undefined) deltas.set(entry.base, [...(deltas.get(entry.base) ?? []), entry]);
      at = entry.data + (await this.scan(entry));
    }
    if (at !== this.pack.size - DIGEST_BYTES) throw brokenPack('it has another length than its objects');
    await this.resolve(deltas);
  }

  /** @throws IsvcError ISVC_FETCH_CORRUPT where the object is missing or of another type. */
  async get(name: string, type: ObjectType): Promise<Content> {
    const entry = this.byName.get(name);
    if (entry?.type !== type) throw brokenPack(`it lacks the ${type} ${name}`);
    return this.contentOf(entry);
  }

  /** The same for what is small by nature. */
  async getSmall(name: string, type: ObjectType): Promise<Buffer> {
    const content = await this.get(name, type);
    if (Buffer.isBuffer(content)) return content;
    throw brokenPack(`the ${type} ${name} has ${content.length} bytes`);
  }

  /** @returns how many bytes of the pack it takes. */
  private async scan(entry: PackEntry): Promise<number> {
    const { data, size, type } = entry;
    // Of deltas, too: a large one is written to the disk before it is applied.
    this.options.count.addBytes(size);
    const hash = objectHash(type ?? 'blob', size);
    if (size > SMALL_BYTES) {
      const writer = await ContentWriter.open(this.fileOf(entry), hash);
      try {
        const packed = await this.pack.inflateTo(writer, data, size, this.options.signal);
        if (type !== undefined) this.byName.set(writer.oid, entry);
        return packed;
      } finally {
        await writer.close();
      }
    }
    const { bytes, packed } = await this.pack.inflate(data, size);
    if (type !== undefined) this.byName.set(hash.update(bytes).digest('hex'), entry);
    return packed;
  }

  /** Goes from each base to what is built on it, so that the base is still at hand. */
  private async resolve(deltas: Map<number | string, readonly PackEntry[]>): Promise<void> {
    const stack: (readonly [string, PackEntry])[] = [...this.byName];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const [name, base] = top;
      const built = [...(deltas.get(base.offset) ?? []), ...(deltas.get(name) ?? [])];
      // An object may be there twice; what is built on it is built once.
      deltas.delete(base.offset);
      deltas.delete(name);
      for (const entry of built) {
        this.options.signal.throwIfAborted();
        entry.type = base.type;
        const result = await this.build(entry, await this.contentOf(base));
        this.byName.set(result, entry);
        stack.push([result, entry]);
      }
    }
    if (deltas.size > 0) throw brokenPack(`it lacks what ${deltas.size} deltas are of`);
  }

  /** Applies a delta for the first time. @returns the name of the result. */
  private async build(entry: PackEntry, base: Content): Promise<string> {
    const delta = await this.stored(entry);
    const reader = new ContentReader(delta);
    const type = entry.type ?? 'blob';
    try {
      const { result } = deltaSizes(await reader.read(0, 32));
      this.options.count.addBytes(result);
      if (Buffer.isBuffer(base) && Buffer.isBuffer(delta) && result <= SMALL_BYTES) {
        const content = applyDelta(base, delta);
        this.keep(entry, content);
        return objectHash(type, content.length).update(content).digest('hex');
      }
      return await this.buildFile(entry, new ContentReader(base), reader, result);
    } finally {
      await reader.close();
    }
  }

  private async buildFile(entry: PackEntry, base: ContentReader, delta: ContentReader, size: number): Promise<string> {
    const writer = await ContentWriter.open(this.resultFileOf(entry), objectHash(entry.type ?? 'blob', size));
    try {
      await streamDelta(base, delta, writer, this.options.signal);
      this.built.set(entry.offset, writer.content.length);
      return writer.oid;
    } finally {
      await writer.close();
      await base.close();
    }
  }

  /** The content of an object. A small one that was built of deltas and is no longer kept is built again. */
  private async contentOf(entry: PackEntry): Promise<Content> {
    const chain: PackEntry[] = [];
    let content: Content | undefined;
    for (let at: PackEntry = entry; ; at = this.baseOf(at)) {
      const length = this.built.get(at.offset);
      content = length === undefined ? this.cache.get(at.offset) : { path: this.resultFileOf(at), length };
      if (content === undefined && at.base === undefined) content = await this.stored(at);
      if (content !== undefined) {
        if (Buffer.isBuffer(content)) this.keep(at, content);
        break;
      }
      chain.push(at);
    }
    for (const at of chain.reverse()) {
      // What needed a file has one; everything else was small in all its parts.
      content = applyDelta(content as Buffer, (await this.stored(at)) as Buffer);
      this.keep(at, content);
    }
    return content;
  }

  private baseOf(entry: PackEntry): PackEntry {
    const base = typeof entry.base === 'string' ? this.byName.get(entry.base) : this.entries.get(entry.base ?? -1);
    if (!base) throw brokenPack('a delta is of an object that it lacks');
    return base;
  }

  private async stored(entry: PackEntry): Promise<Content> {
    if (entry.size > SMALL_BYTES) return { path: this.fileOf(entry), length: entry.size };
    return (await this.pack.inflate(entry.data, entry.size)).bytes;
  }

  private keep({ offset }: PackEntry, content: Buffer): void {
    const before = this.cache.get(offset);
    if (before) this.cached -= before.length;
    this.cache.delete(offset);
    this.cache.set(offset, content);
    this.cached += content.length;
    for (const [oldest, { length }] of this.cache) {
      if (this.cached <= CACHE_BYTES) break;
      this.cache.delete(oldest);
      this.cached -= length;
    }
  }

  private fileOf({ offset }: PackEntry): string {
    return join(this.options.scratch, `stored-${offset}`);
  }

  private resultFileOf({ offset }: PackEntry): string {
    return join(this.options.scratch, `built-${offset}`);
  }
}
