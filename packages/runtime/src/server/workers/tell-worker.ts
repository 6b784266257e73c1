import type { Worker } from 'node:cluster';
import type { ToWorker } from './messages';

/** Sends a message to a worker that may be ending just now: then there is nobody to tell, and its exit says the rest. */
export function tellWorker(worker: Worker, message: ToWorker): void {
  worker.send(message, () => {});
}
