import { type Metric, Registry, collectDefaultMetrics } from 'prom-client';
import { BUCKETS, type DurationHistogram } from './duration-histogram';
import { REQUEST_PHASES, type RequestMetrics } from './request-metrics';

/** Renders what `/metrics` answers; made once, at the first scrape, because loading prom-client takes a while. */
export interface Exposition {
  readonly contentType: string;
  render(): Promise<string>;
}

/** @param models metrics by model name; read anew at each scrape. */
export function createExposition(models: ReadonlyMap<string, { readonly metrics: RequestMetrics }>): Exposition {
  const registry = new Registry();
  for (const { phase, name, help } of REQUEST_PHASES) {
    const family = {
      name,
      help,
      type: 'histogram',
      get: async () => ({
        name,
        help,
        type: 'histogram',
        values: [...models].flatMap(([model, { metrics }]) => samplesOf(name, model, metrics[phase])),
      }),
    };
    // prom-client's registry needs no more of a metric than this, but its type asks for a whole Histogram.
    registry.registerMetric(family as unknown as Metric);
  }
  collectDefaultMetrics({ register: registry });
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesOf(name: string, model: string, histogram: DurationHistogram): Sample[] {
  const counts = histogram.cumulative();
  // A histogram without observations has no samples, as in KServe.
  if (counts.at(-1) === 0) return [];
  const bounds = [...BUCKETS.map((bound) => (Number.isInteger(bound) ? `${bound}.0` : String(bound))), '+Inf'];
  return [
    ...bounds.map((le, i) => ({ metricName: `${name}_bucket`, labels: { le, model_name: model }, value: counts[i] ?? 0 })),
    { metricName: `${name}_sum`, labels: { model_name: model }, value: histogram.sum },
    { metricName: `${name}_count`, labels: { model_name: model }, value: counts.at(-1) ?? 0 },
  ];
}

type Models = ReadonlyMap<string, { readonly metrics: RequestMetrics }>;

/** One exposition a server: the default collectors keep timers and observers that must not pile up. */
const expositions = new WeakMap<Models, Exposition>();

/** The exposition of a server's models, made at its first scrape. */
export function expositionOf(models: Models): Exposition {
  let exposition = expositions.get(models);
  if (!exposition) {
    exposition = createExposition(models);
    expositions.set(models, exposition);
  }
  return exposition;
}
