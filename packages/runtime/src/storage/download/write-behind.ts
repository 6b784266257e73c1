import type { FileHandle } from 'node:fs/promises';
import { writeAll } from './write-all';

/** Bytes that wait for the disk before the network has to. */
const MOST_WAITING = 256 * 1024;

/**
 * Writes chunks one after the other, at their place, while the next ones come: whatever has gathered during one write goes
 * out with the next. One call for each chunk would cost more than the bytes themselves.
 */
export class WriteBehind {
  private readonly handle: FileHandle;
  private readonly path: string;
  private readonly onWritten: (chunks: readonly Buffer[], bytes: number) => void;
  private position: number;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private writing: Promise<void> | undefined;
  private failure: { readonly error: unknown } | undefined;

  /**
   * @param position of the first byte in the file.
   * @param path of the file, for messages.
   * @param onWritten sees what is in the file, in order.
   */
  constructor(handle: FileHandle, position: number, path: string, onWritten: (chunks: readonly Buffer[], bytes: number) => void) {
    this.handle = handle;
    this.position = position;
    this.path = path;
    this.onWritten = onWritten;
  }

  /** @returns what to wait for before more is given, where the disk is behind. @throws what `flush` throws. */
  push(chunk: Buffer): Promise<void> | undefined {
    if (this.failure) throw this.failure.error;
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    this.writing ??= this.write();
    return this.waitingBytes >= MOST_WAITING ? this.writing : undefined;
  }

  /** Waits until everything is in the file. @throws IsvcError ISVC_FETCH_SPACE for a full disk, ISVC_FETCH_IO for what else goes wrong. */
  async flush(): Promise<void> {
    while (this.writing) await this.writing;
    if (this.failure) throw this.failure.error;
  }

  /** One write; another follows by itself where more has gathered. Never rejects, since often nobody is waiting. */
  private async write(): Promise<void> {
    const [chunks, bytes] = [this.waiting, this.waitingBytes];
    [this.waiting, this.waitingBytes] = [[], 0];
    try {
      await writeAll(this.handle, chunks, this.position, this.path);
      this.position += bytes;
      this.onWritten(chunks, bytes);
    } catch (error) {
      this.failure = { error };
      [this.waiting, this.waitingBytes] = [[], 0];
    }
    this.writing = this.waitingBytes > 0 ? this.write() : undefined;
  }
}
