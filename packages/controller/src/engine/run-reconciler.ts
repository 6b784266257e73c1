import { IsvcError, messageOf, TerminalError } from 'cdk8s-kserve/api';
import { KubeApiError } from '../kube/kube-api-error';
import { silentLog, type Log } from './log';
import type { WorkQueue } from './work-queue';

/** What a reconcile may ask for besides success. */
export interface ReconcileResult {
  /** Look again after this long though nothing may have changed. */
  readonly requeueAfterMs?: number;
}

/** Asks for the next look at the soonest of some delays, in milliseconds; undefined ones ask for nothing. */
export function againIn(...delaysMs: readonly (number | undefined)[]): ReconcileResult {
  const given = delaysMs.filter((ms) => ms !== undefined);
  return given.length > 0 ? { requeueAfterMs: Math.min(...given) } : {};
}

export interface ReconcilerOptions {
  /** Stands in every log line. */
  readonly name: string;
  readonly queue: WorkQueue;
  /**
   * Brings the world of one key to where it should be, whatever it looks like now (level-based: the key says who, never
   * what happened). The signal aborts when a graceful stop has waited long enough.
   */
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<ReconcileResult | void>;
  /** Keys worked on at once. @default 4 */
  readonly concurrency?: number;
  /** A graceful stop waits this long before it aborts the running reconciles. @default 10000 */
  readonly graceMs?: number;
  readonly log?: Log;
  /** Told of each run: how it ended, and how long it took in seconds. */
  readonly onRun?: (result: 'ok' | 'error', seconds: number) => void;
}

export interface RunningReconciler {
  /** Hands out no more keys and resolves when the running reconciles have ended. */
  stop(): Promise<void>;
}

/**
 * Works the queue off. `TerminalError` is not retried (only a change brings the key back); any other error comes back
 * after the key's back-off, or later where the server asked for it.
 */
export function runReconciler(options: ReconcilerOptions): RunningReconciler {
  const { name, queue, concurrency = 4, graceMs = 10_000, log = silentLog } = options;
  const abort = new AbortController();

  async function work(): Promise<void> {
    for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
      const began = performance.now();
      let outcome: 'ok' | 'error' = 'ok';
      try {
        const result = await options.reconcile(key, abort.signal);
        queue.forget(key);
        if (result?.requeueAfterMs !== undefined) {
          queue.addAfter(key, result.requeueAfterMs);
        }
      } catch (error) {
        outcome = 'error';
        settleFailure(key, error);
      } finally {
        options.onRun?.(outcome, (performance.now() - began) / 1000);
        queue.done(key);
      }
    }
  }

  function settleFailure(key: string, error: unknown): void {
    const line = error instanceof IsvcError ? error.toLine() : messageOf(error);
    if (error instanceof TerminalError) {
      queue.forget(key);
      log.warn('reconcile gave up until something changes', { reconciler: name, key, error: line });
      return;
    }
    const retryMs = queue.retry(key, error instanceof KubeApiError ? error.retryAfterMs : undefined);
    // A conflict says that our cache was behind: ordinary life, not worth a warning.
    const level = error instanceof KubeApiError && error.statusCode === 409 ? 'debug' : 'warn';
    const stack = error instanceof IsvcError || !(error instanceof Error) ? undefined : error.stack;
    log[level]('reconcile failed, will retry', { reconciler: name, key, retryMs, error: line, stack });
  }

  const workers = Promise.all(Array.from({ length: concurrency }, work));
  return {
    stop: async () => {
      queue.shutDown();
      const deadline = setTimeout(() => abort.abort(), graceMs);
      await workers;
      clearTimeout(deadline);
    },
  };
}
