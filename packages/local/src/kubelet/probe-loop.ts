import { pause, type Clock } from 'cdk8s-kserve-controller';
import type { Probe } from 'cdk8s-kserve/api';
import type { ProbeResult } from './probe';

/** The first success is looked for this often: a laptop user waits for every millisecond of it. */
const EAGER_MS = 20;
/** Eager probing slows down to this for a server that takes long to load. */
const EAGER_MAX_MS = 250;

export interface ProbeLoopOptions {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly run: () => Promise<ProbeResult>;
}

/**
 * Calls back with every change of readiness until the signal aborts. The first success counts at once and
 * `initialDelaySeconds` is not waited for: a server that answers is ready. Afterwards the probe keeps its own period and thresholds.
 */
export async function watchReadiness(options: ProbeLoopOptions, onChange: (ready: boolean) => void): Promise<void> {
  const { probe, clock, signal, run } = options;
  await firstSuccess(options, Number.POSITIVE_INFINITY);
  if (signal.aborted) return;
  onChange(true);
  let ready = true;
  let streak = 0;
  for (;;) {
    await pause(clock, periodMs(probe), signal);
    if (signal.aborted) return;
    const { ok } = await run();
    if (signal.aborted) return;
    streak = ok === ready ? 0 : streak + 1;
    const needed = ready ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1);
    if (streak < needed) continue;
    ready = ok;
    streak = 0;
    onChange(ready);
  }
}

/** Resolves with the failure once a liveness probe has failed often enough; undefined when the signal aborts first. */
export async function watchLiveness(options: ProbeLoopOptions): Promise<string | undefined> {
  const { probe, clock, signal, run } = options;
  await pause(clock, (probe.initialDelaySeconds ?? 0) * 1000, signal);
  for (let failures = 0; !signal.aborted; ) {
    const result = await run();
    if (signal.aborted) return undefined;
    failures = result.ok ? 0 : failures + 1;
    if (!result.ok && failures >= (probe.failureThreshold ?? 3)) return result.message;
    await pause(clock, periodMs(probe), signal);
  }
  return undefined;
}

/** Resolves with undefined when a startup probe succeeded (or the signal aborted), with the failure when its time is up. */
export function awaitStartup(options: ProbeLoopOptions): Promise<string | undefined> {
  const { probe } = options;
  return firstSuccess(options, (probe.initialDelaySeconds ?? 0) * 1000 + (probe.failureThreshold ?? 3) * periodMs(probe));
}

async function firstSuccess({ clock, signal, run }: ProbeLoopOptions, withinMs: number): Promise<string | undefined> {
  const deadline = clock.now() + withinMs;
  for (let delay = EAGER_MS; !signal.aborted; delay = Math.min(delay * 1.1, EAGER_MAX_MS)) {
    const result = await run();
    if (result.ok || signal.aborted) return undefined;
    if (clock.now() >= deadline) return result.message;
    await pause(clock, delay, signal);
  }
  return undefined;
}

function periodMs(probe: Probe): number {
  return (probe.periodSeconds ?? 10) * 1000;
}
