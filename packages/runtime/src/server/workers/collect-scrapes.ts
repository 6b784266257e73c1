import type { Worker } from 'node:cluster';
import type { FromWorker, Snapshot } from './messages';
import { tellWorker } from './tell-worker';

interface Scrape {
  readonly asker: Worker;
  readonly askerId: number;
  readonly snapshots: Snapshot[];
  readonly expected: number;
  readonly timer: NodeJS.Timeout;
}

/** A worker that is busy this long is left out; Prometheus itself waits ten seconds. */
const PATIENCE_MS = 3000;

/** Passes a scrape of one worker on to all and brings their answers together. */
export function collectScrapes(workers: ReadonlySet<Worker>): (from: Worker, message: FromWorker) => void {
  const scrapes = new Map<number, Scrape>();
  let nextId = 0;
  const finish = (id: number): void => {
    const scrape = scrapes.get(id);
    if (!scrape) return;
    scrapes.delete(id);
    clearTimeout(scrape.timer);
    if (scrape.asker.isConnected()) tellWorker(scrape.asker, { type: 'scraped', id: scrape.askerId, metrics: scrape.snapshots });
  };
  return (from, message) => {
    if (message.type === 'scrape') {
      const id = nextId++;
      const connected = [...workers].filter((worker) => worker.isConnected());
      scrapes.set(id, { asker: from, askerId: message.id, snapshots: [], expected: connected.length, timer: setTimeout(() => finish(id), PATIENCE_MS) });
      for (const worker of connected) tellWorker(worker, { type: 'snapshot', id });
    } else if (message.type === 'snapshot') {
      const scrape = scrapes.get(message.id);
      if (scrape && scrape.snapshots.push(message.metrics) === scrape.expected) finish(message.id);
    }
  };
}
