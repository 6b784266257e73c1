import type { Fuzzer } from './fuzzer';
import { type FuzzReport, type FuzzRun, runFuzzer } from './run-fuzzer';
import { type Measurement, type TargetProcess, forkTarget } from './target-process';

/** Part of the time after which memory is measured for the first time: what is loaded and compiled once is there by then. */
const WARM = 0.2;
const HEAP_GROWTH_BYTES = 16 * 2 ** 20;
const RSS_GROWTH_BYTES = 64 * 2 ** 20;
/** Longer than that a probe would have failed. The machine may be busy with other things. */
const MAX_DELAY_MS = 10_000;

/** What one protocol did to a server that had nothing else to do. */
export interface MeasuredReport extends FuzzReport {
  readonly seconds: number;
  readonly memory: { readonly before: Measurement; readonly after: Measurement } | undefined;
  readonly worstDelayMs: number;
}

export interface FuzzAll {
  readonly fuzzers: readonly Fuzzer[];
  readonly seed: number;
  /** For all of them together. */
  readonly seconds: number;
  /** Sends this case alone. @default - all from 0 */
  readonly only?: number;
  readonly stopped: () => boolean;
  readonly progress: (report: FuzzReport, done: number) => void;
}

/** Every protocol for its part of the time, each against a server of its own. */
export async function* fuzzAll({ fuzzers, seconds, ...run }: FuzzAll): AsyncGenerator<MeasuredReport, void, undefined> {
  for (const fuzzer of fuzzers) {
    if (run.stopped()) return;
    const target = await forkTarget(fuzzer.idleSeconds);
    try {
      yield await measured(fuzzer, target, seconds / fuzzers.length, run);
    } finally {
      await target.stop();
    }
  }
}

async function measured(fuzzer: Fuzzer, target: TargetProcess, seconds: number, { seed, only, stopped, progress }: Omit<FuzzAll, 'fuzzers' | 'seconds'>): Promise<MeasuredReport> {
  const started = performance.now();
  const measurements: Measurement[] = [];
  const measure = async (): Promise<void> => {
    const taken = await target.measure().catch(() => undefined);
    if (taken) measurements.push(taken);
  };
  let warm: Promise<void> | undefined;
  const goesOn: FuzzRun['goesOn'] = async (report) => {
    const done = (performance.now() - started) / 1000 / seconds;
    progress(report, Math.min(1, done));
    if (done >= WARM) await (warm ??= measure());
    return !stopped() && (only === undefined ? done < 1 : report.cases === 0);
  };
  const report = await runFuzzer(fuzzer, target, { seed, goesOn, ended: target.ended, ...(only === undefined ? {} : { first: only }) });
  await measure();
  const [before, after] = measurements;
  const worstDelayMs = Math.max(0, ...measurements.map((taken) => taken.worstDelayMs));
  const last = (only ?? 0) + report.cases - 1;
  for (const fault of measurements.flatMap(({ faults }) => faults)) report.problems.push({ kind: 'fault', number: last, text: fault });
  if (worstDelayMs > MAX_DELAY_MS) report.problems.push({ kind: 'delay', number: last, text: `the event loop answered nothing for ${Math.round(worstDelayMs)} ms` });
  const memory = before && after && { before, after };
  if (memory && grew(memory)) report.problems.push({ kind: 'growth', number: last, text: `from ${mib(before.heapBytes)} to ${mib(after.heapBytes)} MiB in use, from ${mib(before.rssBytes)} to ${mib(after.rssBytes)} MiB resident` });
  return { ...report, seconds: (performance.now() - started) / 1000, memory, worstDelayMs };
}

function grew({ before, after }: NonNullable<MeasuredReport['memory']>): boolean {
  return after.heapBytes - before.heapBytes > HEAP_GROWTH_BYTES || after.rssBytes - before.rssBytes > RSS_GROWTH_BYTES;
}

export function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
