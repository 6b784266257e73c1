import type { ScaleSettings } from './scale-settings';

/** What the autoscaler saw of one revision in one tick. */
export interface ScaleSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Average concurrency or requests a second, as the settings say. */
  readonly value: number;
}

export interface ScaleInput {
  readonly now: number;
  /** Oldest first. */
  readonly samples: readonly ScaleSample[];
  readonly settings: ScaleSettings;
  /** Over which the load is averaged; the last pod goes after one window without a request. */
  readonly windowMs: number;
  readonly wanted: number;
  readonly ready: number;
  /** The revision was ready once. */
  readonly initialized: boolean;
  /** A route sends, or may send, requests to it. */
  readonly reachable: boolean;
  /** When the last request was in flight. */
  readonly activeAt: number;
}

/** A burst is looked at over this share of the window. */
const PANIC_SHARE = 0.1;
/** Load of this many times the pods there are counts as a burst. */
const PANIC_THRESHOLD = 2;
const MAX_DOWN_RATE = 2;

/** Replicas a revision should have: Knative's concurrency autoscaler with its stable and its panic window. */
export function decideScale(input: ScaleInput): number {
  const { settings, wanted, ready, initialized, reachable } = input;
  const floor = reachable ? settings.minScale : 0;
  if (!initialized) return Math.max(floor, settings.initialScale, Math.min(wanted, 1));
  const stable = podsFor(input, input.windowMs);
  const panic = podsFor(input, input.windowMs * PANIC_SHARE);
  // In a burst pods are only added.
  const burst = panic >= PANIC_THRESHOLD * Math.max(1, ready);
  const demand = burst ? Math.max(panic, stable, wanted) : Math.max(stable, Math.floor(wanted / MAX_DOWN_RATE), mayBeZero(input) ? 0 : Math.min(wanted, 1));
  const ceiling = settings.maxScale > 0 ? settings.maxScale : Number.POSITIVE_INFINITY;
  return Math.min(Math.max(demand, floor), ceiling);
}

function podsFor({ now, samples, settings }: ScaleInput, windowMs: number): number {
  const recent = samples.filter((s) => now - s.at < windowMs);
  // With a window shorter than a tick the latest sample speaks.
  const counted = recent.length > 0 ? recent : samples.slice(-1);
  if (counted.length === 0) return 0;
  const average = counted.reduce((sum, s) => sum + s.value, 0) / counted.length;
  return Math.ceil(average / settings.target);
}

function mayBeZero({ now, activeAt, windowMs, settings }: ScaleInput): boolean {
  return now - activeAt >= windowMs + settings.retentionMs;
}
