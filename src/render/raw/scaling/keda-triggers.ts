import { parseQuantity, TerminalError, type MetricsSpec, type MetricTarget, type PlatformConfig } from '../../../api';
import type { Component } from '../../component';

export interface KedaTrigger {
  readonly type: string;
  readonly metricType?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly authenticationRef?: { readonly name: string; readonly kind?: string };
}

const DEFAULT_UTILIZATION = 80;
const DEFAULT_REQUESTS = 1;
/** A function of PromQL around a metric: a label selector cannot simply be put behind it. */
const BARE_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
/** What KEDA can read as a number. */
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * What KEDA scales on: the metrics of `autoScaling`, else `scaleMetric` with its target.
 *
 * KServe differs: without `autoScaling` there is a cpu trigger, where upstream sends an empty list that KEDA refuses.
 */
export function kedaTriggers(component: Component, config: PlatformConfig): readonly KedaTrigger[] {
  const { autoScaling, scaleMetric = 'cpu', scaleTarget } = component.extension;
  const metrics = autoScaling?.metrics ?? [];
  if (metrics.length > 0) return metrics.map((metric, index) => triggerOf(metric, component, config, `${component.path}.autoScaling.metrics[${index}]`));
  if (scaleMetric === 'concurrency' || scaleMetric === 'rps') return [requestTrigger(scaleMetric, scaleTarget ?? DEFAULT_REQUESTS, component, config)];
  return [{ type: scaleMetric, metricType: 'Utilization', metadata: { value: String(scaleTarget ?? DEFAULT_UTILIZATION) } }];
}

function triggerOf(metric: MetricsSpec, component: Component, config: PlatformConfig, path: string): KedaTrigger {
  if (metric.resource) {
    const { name, target } = metric.resource;
    const type = target.type ?? 'Utilization';
    const value = type === 'Utilization' ? (target.averageUtilization ?? DEFAULT_UTILIZATION) : (target.averageValue ?? target.value ?? 0);
    return { type: name, metricType: type, metadata: { value: String(value) } };
  }
  if (metric.external) {
    const { metric: source, target, authenticationRef: auth } = metric.external;
    return {
      type: source.backend,
      metadata: {
        serverAddress: source.serverAddress ?? '',
        query: source.query ?? '',
        threshold: amountOf(target),
        ...(source.backend === 'prometheus' && source.namespace ? { namespace: source.namespace } : {}),
        ...(auth?.authModes ? { authModes: auth.authModes } : {}),
      },
      ...(auth?.authenticationRef ? { authenticationRef: auth.authenticationRef } : {}),
    };
  }
  if (metric.podmetric) return openTelemetryTrigger(metric.podmetric, component, config, path);
  throw new TerminalError('ISVC_API_REQUIRED', `has nothing that describes a metric of type ${metric.type}`, { path });
}

/**
 * Amount of a metric a replica, which is what KEDA takes it for whatever the target's type.
 *
 * KServe differs: it sends `500m` as it is written; without a plain number KEDA makes no HPA.
 */
function amountOf({ value }: MetricTarget): string {
  const written = String(value ?? '');
  return JSON_NUMBER.test(written) ? written : String(parseQuantity(written) ?? written);
}

/** KServe differs: a query that is more than the name of a metric is an error; upstream builds one that cannot be parsed. */
function openTelemetryTrigger({ metric, target }: NonNullable<MetricsSpec['podmetric']>, { name, namespace }: Component, config: PlatformConfig, path: string): KedaTrigger {
  const query = metric.query ?? metric.metricNames?.[0] ?? '';
  if (!BARE_METRIC.test(query)) {
    throw new TerminalError('ISVC_API_INVALID_VALUE', `must be the name of one metric, got "${query}"`, {
      path: `${path}.podmetric.metric.query`, hint: 'name the metric; it is summed over the pods, and operationOverTime smooths it',
    });
  }
  return {
    type: 'external',
    metadata: {
      metricQuery: `sum(${query}{namespace="${namespace}", deployment="${name}"})`,
      targetValue: amountOf(target),
      scalerAddress: metric.serverAddress ?? config.opentelemetryCollector.metricScalerEndpoint,
      ...(metric.operationOverTime ? { operationOverTime: metric.operationOverTime } : {}),
    },
  };
}

/** Requests per second, or the mean number in flight (seconds spent on requests per second), a replica. */
function requestTrigger(scaleMetric: 'concurrency' | 'rps', threshold: number, { name, namespace, path }: Component, config: PlatformConfig): KedaTrigger {
  const { prometheusServerAddress } = config.autoscaler;
  if (prometheusServerAddress === '') {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', `KEDA can follow scaleMetric "${scaleMetric}" in raw mode only through Prometheus`, {
      path: `${path}.scaleMetric`, hint: 'set autoscaler.prometheusServerAddress in inferenceservice-config, or use autoScaling.metrics',
    });
  }
  const metric = scaleMetric === 'rps' ? 'request_predict_seconds_count' : 'request_predict_seconds_sum';
  const query = `sum(rate(${metric}{namespace="${namespace}", pod=~"${name}-.*"}[1m]))`;
  return { type: 'prometheus', metadata: { serverAddress: prometheusServerAddress, query, threshold: String(threshold) } };
}
