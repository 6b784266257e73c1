import { DurationHistogram } from './duration-histogram';
import { Histogram } from './histogram';

/** What is counted for a whole server; the names are ours, KServe's servers have nothing of it. */
export const SERVER_HISTOGRAMS = [
  { key: 'queueWait', name: 'isvc_queue_wait_seconds', help: 'time a request waited for its turn' },
  { key: 'batchRows', name: 'isvc_batch_rows', help: 'rows of a batch' },
  { key: 'eventLoopDelay', name: 'isvc_event_loop_delay_seconds', help: 'how late the event loop came to a timer' },
] as const;

const POWERS_OF_TWO = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const PROBE_MS = 250;

export class ServerMetrics {
  readonly queueWait = new DurationHistogram();
  readonly batchRows = new Histogram(POWERS_OF_TWO);
  readonly eventLoopDelay = new DurationHistogram();
  private readonly timer: NodeJS.Timeout;

  constructor() {
    let due = performance.now() + PROBE_MS;
    this.timer = setInterval(() => {
      const now = performance.now();
      this.eventLoopDelay.observe(Math.max(0, now - due) / 1000);
      due = now + PROBE_MS;
    }, PROBE_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }
}
