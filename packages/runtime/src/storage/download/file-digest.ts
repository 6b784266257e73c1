import { Worker } from 'node:worker_threads';
import { RUNTIME_BIN } from '../../runtime-bin';
import type { ChecksumAlgorithm } from './checksum';
import { DIGEST_THREAD, type FromDigestThread, type ToDigestThread } from './digest-messages';

/** The digest of a file on its way, taken from the disk behind the bytes that arrive. */
export interface FileDigest {
  readonly algorithm: ChecksumAlgorithm;
  /** All bytes up to `end` are there and stay as they are. */
  advance(end: number): void;
  /** Once all bytes are there. In hexadecimal. */
  hex(signal: AbortSignal): Promise<string>;
  /** Where the digest is not wanted any more. */
  forget(): void;
}

export interface FileDigests {
  of(path: string, algorithm: ChecksumAlgorithm): FileDigest;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (hex: string) => void;
  readonly reject: (error: Error) => void;
}

/** Digests taken by a thread while the network and the disk are busy. It starts with the first file. */
export function digestsInThread(): FileDigests {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let last = 0;
  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = (): Worker => {
    const started = new Worker(RUNTIME_BIN, { argv: ['fetch'], workerData: DIGEST_THREAD });
    started.on('message', (message: FromDigestThread) => {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if ('hex' in message) asked?.resolve(message.hex);
      else asked?.reject(new Error(message.problem));
    });
    started.on('error', failAll).on('exit', () => {
      worker = undefined;
      failAll(new Error('the thread that takes digests has ended'));
    });
    return started;
  };
  const post = (message: ToDigestThread): void => (worker ??= start()).postMessage(message);
  return {
    of(path, algorithm) {
      const id = ++last;
      const result = new Promise<string>((resolve, reject) => waiting.set(id, { resolve, reject }));
      // A problem is told to whoever asks for the digest, and nobody may.
      result.catch(() => {});
      post({ type: 'open', id, path, algorithm });
      return {
        algorithm,
        advance: (end) => post({ type: 'advance', id, end }),
        hex: async (signal) => {
          post({ type: 'finish', id });
          return untilAborted(result, signal);
        },
        forget() {
          waiting.delete(id);
          post({ type: 'forget', id });
        },
      };
    },
    async close() {
      await worker?.terminate();
    },
  };
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
