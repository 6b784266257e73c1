import type { Io } from '../io';

/**
 * Runs something that ends with the signal it is given. The first SIGINT or SIGTERM aborts the signal; what was begun is
 * then cleaned up, and further ones change nothing, since a half-done clean-up would leave processes behind.
 */
export async function untilInterrupted<T>(io: Pick<Io, 'signals'>, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  io.signals.on('SIGINT', interrupt);
  io.signals.on('SIGTERM', interrupt);
  try {
    return await work(abort.signal);
  } finally {
    io.signals.off('SIGINT', interrupt);
    io.signals.off('SIGTERM', interrupt);
  }
}
