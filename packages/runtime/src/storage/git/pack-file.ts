import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInflate, inflateSync } from 'node:zlib';
import { brokenPack } from './broken-pack';
import type { ContentWriter } from './content';

const WINDOW = 1024 * 1024;

/** A pack on the disk, read by a window that moves along. */
export class PackFile {
  readonly size: number;
  private readonly path: string;
  private readonly handle: FileHandle;
  private window: Buffer = Buffer.alloc(0);
  private start = 0;

  private constructor(path: string, handle: FileHandle, size: number) {
    this.path = path;
    this.handle = handle;
    this.size = size;
  }

  static async open(path: string): Promise<PackFile> {
    const handle = await open(path, 'r');
    return new PackFile(path, handle, (await handle.stat()).size);
  }

  /** Up to `length` bytes; fewer only at the end. They are good until the next call. */
  async bytes(position: number, length: number): Promise<Buffer> {
    const end = Math.min(position + length, this.size);
    if (position < this.start || end > this.start + this.window.length) {
      const wanted = Math.min(Math.max(length, WINDOW), this.size - position);
      const window = Buffer.allocUnsafe(Math.max(0, wanted));
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await this.handle.read(window, filled, wanted - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      this.window = window.subarray(0, filled);
      this.start = position;
    }
    return this.window.subarray(position - this.start, end - this.start);
  }

  /**
   * The bytes compressed at a place.
   *
   * @param size that they have, which the pack states before them.
   * @returns them, and how many bytes of the pack they took.
   */
  async inflate(position: number, size: number): Promise<{ readonly bytes: Buffer; readonly packed: number }> {
    const most = 4 * size + 64 * 1024;
    for (let bound = size + (size >> 8) + 64; ; bound = Math.min(bound * 4, most)) {
      const input = await this.bytes(position, bound);
      try {
        // With `info`, which the types do not know, the engine says how far it has read.
        const result: unknown = inflateSync(input, { info: true, maxOutputLength: size + 1, chunkSize: Math.min(Math.max(size + 16, 64), 256 * 1024) });
        const { buffer, engine } = result as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
        if (buffer.length !== size) throw brokenPack(`an object of ${size} bytes has ${buffer.length}`);
        return { bytes: buffer, packed: engine.bytesWritten };
      } catch (error) {
        const isCut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' && bound < most && input.length === bound;
        if (!isCut) throw asBroken(error);
      }
    }
  }

  /** The same for more bytes than memory should hold. @returns how many bytes of the pack they took. */
  async inflateTo(writer: ContentWriter, position: number, size: number, signal: AbortSignal): Promise<number> {
    const source = createReadStream(this.path, { start: position, highWaterMark: WINDOW / 4 });
    const inflate = createInflate({ chunkSize: WINDOW / 4 });
    source.on('error', (error) => inflate.destroy(error)).pipe(inflate);
    try {
      for await (const chunk of inflate as AsyncIterable<Buffer>) {
        signal.throwIfAborted();
        if (writer.content.length + chunk.length > size) throw brokenPack(`an object of ${size} bytes has more`);
        await writer.write(chunk);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw asBroken(error);
    } finally {
      source.destroy();
    }
    if (writer.content.length !== size) throw brokenPack(`an object of ${size} bytes has ${writer.content.length}`);
    return inflate.bytesWritten;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Errors of zlib become ours; ours stay. */
function asBroken(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code?.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE' ? brokenPack('an object cannot be decompressed') : error;
}
