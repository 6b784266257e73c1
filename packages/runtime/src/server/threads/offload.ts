import type { InferElsewhere } from '../../protocols/grpc/grpc-method';
import type { Reply } from '../../protocols/protocol';
import type { ThreadRequest } from './messages';
import type { ThreadPool } from './thread-pool';

/** Decides which requests go to threads. */
export interface Offload extends InferElsewhere {
  answer(request: Omit<ThreadRequest, 'id'>): Promise<Reply>;
}

export interface OffloadOptions {
  readonly pool: Pick<ThreadPool, 'answer' | 'infer'>;
  /** Models whose every request goes to a thread: nobody knows what a class of one's own does. */
  readonly always: boolean;
}

/** Parsing this much JSON takes longer than a copy of it into a thread, many times over. */
const LARGE_BYTES = 256 * 1024;
/** A model that has kept the event loop this long once is asked in threads from then on. */
const HEAVY_MS = 50;

export function createOffload({ pool, always }: OffloadOptions): Offload {
  const heavy = new Set<string>();
  return {
    wants: (model, bytes) => always || bytes >= LARGE_BYTES || heavy.has(model),
    answer: (request) => pool.answer(request),
    infer: (message, headers) => pool.infer({ message, headers }),
    kept: (model, ms) => {
      if (ms >= HEAVY_MS) heavy.add(model);
    },
  };
}
