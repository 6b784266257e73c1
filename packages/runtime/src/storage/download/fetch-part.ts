import type { FileHandle } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { isTransient, RangeIgnored, TransferFailure } from '../transport/failure';
import { backOff } from '../transport/retry';
import type { Digest } from './checksum';
import type { Part } from './parts';
import { WriteBehind } from './write-behind';

export interface PartTarget {
  readonly handle: FileHandle;
  /** Sees all bytes of the part in order, each once. */
  readonly digest: () => Digest | undefined;
}

/**
 * Fetches one part into its place. A broken or stalled connection is continued where it was, unless the store cannot
 * continue: then from the start of the part.
 *
 * @returns the bytes written.
 * @throws IsvcError ISVC_FETCH_UNREACHABLE after the last attempt, ISVC_FETCH_CORRUPT for a wrong length, ISVC_FETCH_SPACE
 * for a full disk, RangeIgnored where only the whole file can be had, and what the source throws.
 */
export async function fetchPart(part: Part, target: PartTarget, session: FetchSession, signal: AbortSignal): Promise<number> {
  const state = { written: 0, digest: target.digest() };
  for (let failed = 0; ; ) {
    const before = state.written;
    try {
      await attempt(part, target.handle, state, session, signal);
      return state.written;
    } catch (error) {
      signal.throwIfAborted();
      // What has come of the part comes again with the whole file.
      if (error instanceof RangeIgnored) session.onBytes(-state.written);
      if (!isTransient(error)) throw error;
      // A connection that moved something is no sign that the store is gone.
      failed = state.written > before && part.range ? 1 : failed + 1;
      if (failed >= session.settings.attempts) throw spent(part, failed, error);
      if (!part.range) {
        session.onBytes(-state.written);
        state.written = 0;
        state.digest = target.digest();
      }
      await backOff(failed, error, { clock: session.clock, signal });
    }
  }
}

interface State {
  written: number;
  readonly digest: Digest | undefined;
}

async function attempt(part: Part, handle: FileHandle, state: State, session: FetchSession, signal: AbortSignal): Promise<void> {
  const { file, range } = part;
  const start = range?.start ?? 0;
  const end = range?.end ?? file.size;
  const whole = range && state.written === 0 && start === 0 && end === file.size;
  const stream: Readable = await file.open(range && !whole ? { start: start + state.written, end: range.end } : undefined, signal);
  const out = new WriteBehind(handle, start + state.written, file.path, (chunks, bytes) => {
    for (const chunk of chunks) state.digest?.update(chunk);
    state.written += bytes;
    session.onBytes(bytes);
  });
  let left = end === undefined ? Infinity : end - start - state.written;
  try {
    for await (const chunk of addAbortSignal(signal, stream) as AsyncIterable<Buffer>) {
      left -= chunk.length;
      if (left < 0) throw new IsvcError('ISVC_FETCH_CORRUPT', `more than the ${(end ?? 0) - start} bytes announced arrive`, { path: file.path, hint: 'the source changed while it was copied; try again' });
      const behind = out.push(chunk);
      if (behind) await behind;
    }
  } finally {
    stream.destroy();
    // Also after a break: the next attempt goes on behind what is in the file.
    await out.flush();
  }
  if (end !== undefined && start + state.written < end) throw new TransferFailure(`the connection ended after ${state.written} of ${end - start} bytes`);
}

function spent(part: Part, attempts: number, error: unknown): IsvcError {
  return new IsvcError('ISVC_FETCH_UNREACHABLE', `given up after ${attempts} attempt${attempts === 1 ? '' : 's'} without progress: ${messageOf(error)}`, {
    path: part.file.path,
    hint: 'check the store and the network; what has arrived is kept for the next run',
    cause: error,
  });
}
