import type { FromWorker, Snapshot, ToWorker } from './messages';

/** What a worker has to do with its parent. */
export interface WorkerSide {
  /** Metrics of all workers, this one's among them. */
  scrape(): Promise<readonly Snapshot[]>;
  ready(port: number): void;
}

/** @param snapshot this worker's own metrics. */
export function workerSide(snapshot: () => Promise<Snapshot>): WorkerSide {
  const waiting = new Map<number, (metrics: readonly Snapshot[]) => void>();
  let nextId = 0;
  let stopping = false;
  const tell = (message: FromWorker): void => {
    if (process.connected) process.send?.(message);
  };
  process.on('message', (message: ToWorker) => {
    if (message.type === 'stop') {
      if (!stopping) process.kill(process.pid, 'SIGTERM');
      stopping = true;
    } else if (message.type === 'snapshot') {
      void snapshot().then((metrics) => tell({ type: 'snapshot', id: message.id, metrics }));
    } else {
      waiting.get(message.id)?.(message.metrics);
      waiting.delete(message.id);
    }
  });
  process.once('SIGINT', () => (stopping = true));
  process.once('SIGTERM', () => (stopping = true));
  return {
    scrape: () => new Promise((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      tell({ type: 'scrape', id });
    }),
    ready: (port) => tell({ type: 'ready', port }),
  };
}
