import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange } from '../source';

/** In the stage folder; removed before its files become the model. */
export const JOURNAL = '.isvc-journal';

/**
 * What has arrived so far, so that a fetcher that was killed goes on where it was. A line is written after its bytes: what
 * the journal says is there is there, as long as the machine itself does not crash (then digests find out).
 */
export class Journal {
  private readonly file: FileHandle;
  private readonly done: Set<string>;

  private constructor(file: FileHandle, done: Set<string>) {
    this.file = file;
    this.done = done;
  }

  static async open(stage: string): Promise<Journal> {
    const path = join(stage, JOURNAL);
    const text = await readFile(path, 'utf8').catch(() => '');
    // A kill may have cut the last line; what follows would otherwise be written behind its half.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length !== text.length) await truncate(path, Buffer.byteLength(whole));
    return new Journal(await open(path, 'a'), new Set(whole.split('\n')));
  }

  has(path: string, range: ByteRange): boolean {
    return this.done.has(lineOf(path, range));
  }

  async add(path: string, range: ByteRange): Promise<void> {
    const line = lineOf(path, range);
    this.done.add(line);
    await this.file.write(`${line}\n`);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function lineOf(path: string, { start, end }: ByteRange): string {
  return JSON.stringify([path, start, end]);
}
