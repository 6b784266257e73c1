import { ANNOTATION } from 'cdk8s-kserve/api';
import type { Revision } from './types';

/** Autoscaling settings of one revision, from its annotations, with Knative's defaults. */
export interface ScaleSettings {
  readonly minScale: number;
  /** 0 is no limit. */
  readonly maxScale: number;
  readonly initialScale: number;
  readonly metric: 'concurrency' | 'rps';
  /** Concurrency, or requests a second, that one pod should have. */
  readonly target: number;
  readonly windowMs: number | undefined;
  /** How long the last pod stays after the last request. */
  readonly retentionMs: number;
}

const PREFIX = 'autoscaling.knative.dev';
const DEFAULT_CONCURRENCY = 100;
const DEFAULT_RPS = 200;
/** A pod is meant to run at this share of its target, so that there is room while another one starts. */
const DEFAULT_UTILIZATION = 70;

export function scaleSettings(revision: Revision): ScaleSettings {
  const annotations = revision.metadata.annotations ?? {};
  const number = (key: string, or: number): number => {
    const value = Number(annotations[key] ?? NaN);
    return Number.isFinite(value) && value >= 0 ? value : or;
  };
  const metric = annotations[ANNOTATION.knativeMetric] === 'rps' ? 'rps' : 'concurrency';
  const limit = revision.spec.containerConcurrency ?? 0;
  const given = number(ANNOTATION.knativeTarget, 0);
  const total = metric === 'rps' ? given || DEFAULT_RPS : cap(given || limit || DEFAULT_CONCURRENCY, limit);
  const utilization = number(`${PREFIX}/target-utilization-percentage`, DEFAULT_UTILIZATION);
  return {
    minScale: number(ANNOTATION.knativeMinScale, 0),
    maxScale: number(ANNOTATION.knativeMaxScale, 0),
    initialScale: number(ANNOTATION.knativeInitialScale, 1),
    metric,
    target: Math.max(0.01, (total * utilization) / 100),
    windowMs: seconds(annotations[`${PREFIX}/window`]),
    retentionMs: seconds(annotations[`${PREFIX}/scale-to-zero-pod-retention-period`]) ?? 0,
  };
}

/** No pod is sent more than its limit, so a target above it could never be reached. */
function cap(target: number, limit: number): number {
  return limit > 0 ? Math.min(target, limit) : target;
}

/** Milliseconds of a Go duration such as `60s` or `1m30s`. */
function seconds(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  let total: number | undefined;
  for (const [, amount, unit = ''] of duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) total = (total ?? 0) + Number(amount) * (units[unit] ?? 0);
  return total;
}
