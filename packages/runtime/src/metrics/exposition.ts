import { AggregatorRegistry, type Metric, Registry, collectDefaultMetrics } from 'prom-client';
import type { Histogram } from './histogram';
import { REQUEST_PHASES, type RequestMetrics } from './request-metrics';
import { SERVER_HISTOGRAMS, type ServerMetrics } from './server-metrics';

/** Renders what `/metrics` answers; made once, at the first scrape, because loading prom-client takes a while. */
export interface Exposition {
  readonly contentType: string;
  render(): Promise<string>;
  /** The same for another process, which adds them up. */
  snapshot(): Promise<readonly object[]>;
}

/** Metrics of several processes as one: counts are added. */
export function renderSum(snapshots: readonly (readonly object[])[]): Promise<string> {
  // The type asks for metrics of this process's classes; what comes by message are their plain forms.
  return AggregatorRegistry.aggregate(snapshots as unknown as object[]).metrics();
}

/** @param models metrics by model name; read anew at each scrape. */
export function createExposition(models: Models, server?: ServerMetrics, { process: withProcess = true }: { readonly process?: boolean } = {}): Exposition {
  const registry = new Registry();
  for (const { phase, name, help } of REQUEST_PHASES) {
    register(registry, name, help, () => [...models].flatMap(([model, { metrics }]) => samplesOf(name, { model_name: model }, metrics[phase])));
  }
  if (server) for (const { key, name, help } of SERVER_HISTOGRAMS) register(registry, name, help, () => samplesOf(name, {}, server[key]));
  if (withProcess) collectDefaultMetrics({ register: registry });
  return { contentType: registry.contentType, render: () => registry.metrics(), snapshot: () => registry.getMetricsAsJSON() };
}

function register(registry: Registry, name: string, help: string, values: () => Sample[]): void {
  const head = { name, help, type: 'histogram', aggregator: 'sum' };
  // prom-client's registry needs no more of a metric than this, but its type asks for a whole Histogram.
  registry.registerMetric({ ...head, get: async () => ({ ...head, values: values() }) } as unknown as Metric);
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesOf(name: string, labels: Readonly<Record<string, string>>, histogram: Histogram): Sample[] {
  const counts = histogram.cumulative();
  // A histogram without observations has no samples, as in KServe.
  if (counts.at(-1) === 0) return [];
  const bounds = [...histogram.bounds.map((bound) => (Number.isInteger(bound) ? `${bound}.0` : String(bound))), '+Inf'];
  return [
    ...bounds.map((le, i) => ({ metricName: `${name}_bucket`, labels: { le, ...labels }, value: counts[i] ?? 0 })),
    { metricName: `${name}_sum`, labels, value: histogram.sum },
    { metricName: `${name}_count`, labels, value: counts.at(-1) ?? 0 },
  ];
}

type Models = ReadonlyMap<string, { readonly metrics: RequestMetrics }>;

/** One exposition a server: the default collectors keep timers and observers that must not pile up. */
const expositions = new WeakMap<Models, Exposition>();

/** The exposition of a server's models, made at its first scrape. */
export function expositionOf(models: Models, server?: ServerMetrics): Exposition {
  let exposition = expositions.get(models);
  if (!exposition) {
    exposition = createExposition(models, server);
    expositions.set(models, exposition);
  }
  return exposition;
}
