import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { heapInUse } from '../support/fuzz';
import type { Measurement } from './target-process';
import { openSockets, startTarget } from './target';

/** A process of the server alone, so that what it needs and how long it was busy are its own. Told to by its parent, and ends with it. */
async function main(): Promise<void> {
  const tell = (message: object): void => void process.send?.(message);
  const target = await startTarget(Number(process.argv[2]));
  let delay = watchDelay();
  let told = 0;
  // The parent, which a Ctrl-C is for, too, says when it has its summary.
  process.on('SIGINT', () => {}).on('disconnect', () => process.exit(0));
  process.on('message', (question: 'connections' | 'measure') => {
    if (question === 'connections') return tell({ answer: openSockets() });
    const worstDelayMs = delay.max / 1e6;
    delay.disable();
    const heapBytes = heapInUse();
    const answer: Measurement = { heapBytes, rssBytes: process.memoryUsage.rss(), worstDelayMs, faults: target.faults.slice(told) };
    told = target.faults.length;
    tell({ answer });
    delay = watchDelay();
  });
  tell({ port: target.port });
}

function watchDelay(): IntervalHistogram {
  const histogram = monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  return histogram;
}

void main();
