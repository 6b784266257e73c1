import { Transform } from 'node:stream';
import { IsvcError } from 'cdk8s-kserve/api';
import type { ArchiveLimits } from '../settings';

/** A little may well be all zeros; a bomb is large. */
const RATIO_FROM_BYTES = 64 * 1024 * 1024;

/** Counts what comes out of an archive and stops it where that is more than any model. */
export class ArchiveCount {
  private entries = 0;
  private bytes = 0;
  private readonly limits: ArchiveLimits;
  private readonly packedBytes: number;

  constructor(limits: ArchiveLimits, packedBytes: number) {
    this.limits = limits;
    this.packedBytes = packedBytes;
  }

  /** @throws IsvcError ISVC_FETCH_UNSAFE */
  addEntry(): void {
    if (++this.entries > this.limits.entries) throw tooMuch(`more than ${this.limits.entries} entries`, 'ISVC_ARCHIVE_MAX_ENTRIES');
  }

  /** @throws IsvcError ISVC_FETCH_UNSAFE */
  addBytes(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.limits.bytes) throw tooMuch(`more than ${this.limits.bytes} bytes unpacked`, 'ISVC_ARCHIVE_MAX_GIB');
    if (this.bytes > RATIO_FROM_BYTES && this.bytes > this.packedBytes * this.limits.ratio) {
      throw tooMuch(`more than ${this.limits.ratio} bytes for each packed one`, 'ISVC_ARCHIVE_MAX_RATIO');
    }
  }

  /** A stream that counts what goes through it. */
  counter(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        try {
          this.addBytes(chunk.length);
          done(null, chunk);
        } catch (error) {
          done(error as Error);
        }
      },
    });
  }
}

function tooMuch(what: string, variable: string): IsvcError {
  return new IsvcError('ISVC_FETCH_UNSAFE', `the archive has ${what}`, { hint: `if the model is so, raise ${variable}` });
}
