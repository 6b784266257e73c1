import type { MetricsSpec, Quantity } from '../api';
import { misuse } from './check';

export interface PrometheusMetricOptions {
  /** Address of the Prometheus server, e.g. `http://prometheus.monitoring:9090`. */
  readonly serverAddress: string;
  /** PromQL with one number as its result: a sum over all replicas, since KEDA divides it by their number. */
  readonly query: string;
  /** Value of the query a replica; more of it means more replicas. */
  readonly perReplica: number;
}

export interface OpenTelemetryMetricOptions {
  /** Name of the metric that the pods emit; it is summed over them. */
  readonly metric: string;
  /** Value a replica. */
  readonly perReplica: number;
  /**
   * Smooths over time, e.g. `avg` or `max`.
   *
   * @default - the scaler's
   */
  readonly operationOverTime?: string;
}

/** Metrics that KEDA can follow, as KServe's `autoScaling.metrics` has them. */
export const KedaMetric = {
  /** Per cent of the cpu request. */
  cpu(utilization: number): MetricsSpec {
    return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: utilization } } };
  },

  /** Memory a replica, e.g. `2Gi`. */
  memory(averageValue: Quantity): MetricsSpec {
    return { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue } } };
  },

  /** The result of a PromQL query. */
  prometheus({ serverAddress, query, perReplica }: PrometheusMetricOptions): MetricsSpec {
    if (!/^https?:\/\/\S+$/.test(serverAddress)) throw misuse('KedaMetric.prometheus', `serverAddress must be an http or https address, got "${serverAddress}"`, 'write e.g. http://prometheus.monitoring:9090');
    if (/^\s*(avg|min|max)\b/.test(query)) {
      throw misuse('KedaMetric.prometheus', `"${query}" is the same however many replicas there are, and KEDA divides it by their number`, 'write a sum over the replicas');
    }
    return { type: 'External', external: { metric: { backend: 'prometheus', serverAddress, query }, target: { type: 'Value', value: positive('KedaMetric.prometheus', perReplica) } } };
  },

  /** A metric that the pods emit, through an OpenTelemetry collector beside them. */
  openTelemetry({ metric, perReplica, operationOverTime }: OpenTelemetryMetricOptions): MetricsSpec {
    return {
      type: 'PodMetric',
      podmetric: {
        metric: { backend: 'opentelemetry', metricNames: [metric], query: metric, ...(operationOverTime ? { operationOverTime } : {}) },
        target: { type: 'Value', value: positive('KedaMetric.openTelemetry', perReplica) },
      },
    };
  },
} as const;

function positive(factory: string, value: number): Quantity {
  if (Number.isFinite(value) && value > 0) return String(value);
  throw misuse(factory, `perReplica must be above 0, got ${value}`, 'write what one replica can take');
}
