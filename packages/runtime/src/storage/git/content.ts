import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { writeAll } from '../download/write-all';

/** Objects up to this size are held in memory; larger ones lie in files. */
export const SMALL_BYTES = 1024 * 1024;
const CHUNK = 256 * 1024;

/** What an object holds: bytes, or a file with them. */
export type Content = Buffer | ContentFile;

export interface ContentFile {
  readonly path: string;
  readonly length: number;
}

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

/** The hash that names an object, begun with the head that goes before its content. */
export function objectHash(type: ObjectType, length: number): Hash {
  return createHash('sha1').update(`${type} ${length}\0`);
}

/** Reads a content anywhere. Must be closed. */
export class ContentReader {
  private readonly content: Content;
  private handle: FileHandle | undefined;

  constructor(content: Content) {
    this.content = content;
  }

  get length(): number {
    return this.content.length;
  }

  /** @returns fewer bytes than asked for only at the end, and never more than 256 KiB. */
  async read(position: number, length: number): Promise<Buffer> {
    const wanted = Math.min(length, CHUNK);
    if (Buffer.isBuffer(this.content)) return this.content.subarray(position, position + wanted);
    this.handle ??= await open(this.content.path, 'r');
    const chunk = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await this.handle.read(chunk, 0, wanted, position);
    return chunk.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }
}

/** Writes a content into a file and hashes it on the way. Must be closed. */
export class ContentWriter {
  private readonly handle: FileHandle;
  private readonly path: string;
  private readonly hash: Hash;
  private written = 0;

  private constructor(handle: FileHandle, path: string, hash: Hash) {
    this.handle = handle;
    this.path = path;
    this.hash = hash;
  }

  static async open(path: string, hash: Hash): Promise<ContentWriter> {
    return new ContentWriter(await open(path, 'w'), path, hash);
  }

  /** @throws IsvcError ISVC_FETCH_SPACE */
  async write(bytes: Buffer): Promise<void> {
    await writeAll(this.handle, [bytes], this.written, this.path);
    this.hash.update(bytes);
    this.written += bytes.length;
  }

  get content(): ContentFile {
    return { path: this.path, length: this.written };
  }

  get oid(): string {
    return this.hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
