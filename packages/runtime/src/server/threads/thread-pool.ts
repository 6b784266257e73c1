import { Worker } from 'node:worker_threads';
import { IsvcError } from 'cdk8s-kserve/api';
import type { Reply } from '../../protocols/protocol';
import { RUNTIME_BIN } from '../../runtime-bin';
import { ReplyError } from '../../own/reply-error';
import type { FromThread, ThreadMessage, ThreadRequest, ToThread } from './messages';

interface Thread {
  readonly worker: Worker;
  busy: number;
}

interface Waiting {
  readonly thread: Thread;
  resolve(answer: FromThread): void;
  reject(error: unknown): void;
}

/** Threads with models of their own, for requests that would keep the event loop from answering probes. */
export class ThreadPool {
  private readonly threads: Thread[] = [];
  private readonly waiting = new Map<number, Waiting>();
  private readonly args: readonly string[];
  private nextId = 0;
  private closing = false;

  private constructor(args: readonly string[]) {
    this.args = args;
  }

  /**
   * Starts threads and waits until their models are loaded.
   *
   * @param args command line of `serve`.
   * @throws IsvcError ISVC_SERVER_WORKER where a thread does not get ready.
   */
  static async start(count: number, args: readonly string[]): Promise<ThreadPool> {
    const pool = new ThreadPool(args);
    try {
      await Promise.all(Array.from({ length: count }, () => pool.add()));
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  /** Has the least busy thread answer a `ModelInfer` message. @throws ReplyError for a request that failed there. */
  async infer(call: ThreadMessage): Promise<Buffer> {
    const answer = await this.ask(this.leastBusy(), (id) => ({ type: 'message', id, call }));
    const { outcome } = answer as Extract<FromThread, { type: 'message' }>;
    if ('error' in outcome) throw new ReplyError(outcome.status, outcome.error);
    const { buffer, byteOffset, byteLength } = outcome.message;
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  /** Has the least busy thread answer. */
  async answer(request: Omit<ThreadRequest, 'id'>): Promise<Reply> {
    const answer = await this.ask(this.leastBusy(), (id) => ({ type: 'request', request: { ...request, id } }));
    return (answer as Extract<FromThread, { type: 'reply' }>).reply;
  }

  /** What the threads have counted. */
  async snapshot(): Promise<readonly object[]> {
    const answers = await Promise.all(this.threads.map((thread) => this.ask(thread, (id) => ({ type: 'snapshot', id }))));
    return answers.flatMap((answer) => (answer as Extract<FromThread, { type: 'snapshot' }>).metrics);
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }

  private leastBusy(): Thread {
    const thread = this.threads.reduce<Thread | undefined>((least, one) => (least && least.busy <= one.busy ? least : one), undefined);
    if (!thread) throw new IsvcError('ISVC_SERVER_OVERLOADED', 'No thread is ready.');
    return thread;
  }

  private ask(thread: Thread, messageOf: (id: number) => ToThread): Promise<FromThread> {
    const id = this.nextId++;
    thread.busy++;
    return new Promise<FromThread>((resolve, reject) => {
      this.waiting.set(id, { thread, resolve, reject });
      thread.worker.postMessage(messageOf(id));
    }).finally(() => {
      thread.busy--;
      this.waiting.delete(id);
    });
  }

  private add(): Promise<void> {
    const worker = new Worker(RUNTIME_BIN, { argv: ['serve', ...this.args] });
    const thread: Thread = { worker, busy: 0 };
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.type !== 'ready') this.waiting.get(message.id)?.resolve(message);
        else {
          this.threads.push(thread);
          resolve();
        }
      });
      worker.on('error', reject);
      worker.once('exit', (code) => {
        const ready = this.threads.includes(thread);
        if (ready) this.threads.splice(this.threads.indexOf(thread), 1);
        const error = new IsvcError('ISVC_SERVER_WORKER', `a thread ended with ${code}`, { hint: 'its own line above says why' });
        for (const entry of this.waiting.values()) if (entry.thread === thread) entry.reject(error);
        reject(error);
        // What a request has killed, the next one must find alive.
        if (ready && !this.closing) this.add().catch(() => {});
      });
    });
  }
}
