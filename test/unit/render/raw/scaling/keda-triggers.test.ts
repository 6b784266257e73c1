import { platformConfig, type ComponentExtension, type MetricsSpec, type MetricTarget } from '../../../../../src/api';
import type { Component } from '../../../../../src/render/component';
import { kedaTriggers } from '../../../../../src/render/raw/scaling/keda-triggers';

function component(extension: ComponentExtension): Component {
  return { role: 'predictor', name: 'iris-predictor', namespace: 'ns', extension, pod: { containers: [] }, metadata: { labels: {}, annotations: {} }, agent: false, path: 'spec.predictor' };
}
const withMetric = (metric: MetricsSpec): Component => component({ autoScaling: { metrics: [metric] } });
const config = platformConfig({ autoscaler: { prometheusServerAddress: 'http://prometheus:9090' } });

describe('kedaTriggers', () => {
  it.each<[string, ComponentExtension, object]>([
    ['cpu at 80 where nothing is said', {}, { type: 'cpu', metricType: 'Utilization', metadata: { value: '80' } }],
    ['memory by scaleTarget', { scaleMetric: 'memory', scaleTarget: 60 }, { type: 'memory', metricType: 'Utilization', metadata: { value: '60' } }],
    ['requests per second through Prometheus', { scaleMetric: 'rps', scaleTarget: 50 }, { type: 'prometheus', metadata: { threshold: '50', query: 'sum(rate(request_predict_seconds_count{namespace="ns", pod=~"iris-predictor-.*"}[1m]))' } }],
    ['requests in flight as seconds spent a second', { scaleMetric: 'concurrency', scaleTarget: 4 }, { type: 'prometheus', metadata: { threshold: '4', query: 'sum(rate(request_predict_seconds_sum{namespace="ns", pod=~"iris-predictor-.*"}[1m]))' } }],
  ])('%s', (_what, extension, expected) => expect(kedaTriggers(component(extension), config)).toEqual([expect.objectContaining({ ...expected, ...('metadata' in expected ? { metadata: expect.objectContaining(expected.metadata as object) as object } : {}) })]));

  it.each<[MetricTarget, string]>([
    [{ value: '2.50' }, '2.50'],
    [{ type: 'Value', value: 3, averageValue: 4 }, '3'],
    [{ type: 'AverageValue', value: '2' }, '2'],
    [{ value: '500m' }, '0.5'],
    [{ value: '1k' }, '1000'],
    [{ value: '.5' }, '0.5'],
  ])('writes %j as a number that KEDA reads, in its own spelling where that is one', (target, threshold) => {
    const trigger = kedaTriggers(withMetric({ type: 'External', external: { metric: { backend: 'graphite', serverAddress: 'http://g', query: 'q', namespace: 'x' }, target } }), config)[0];
    expect(trigger).toEqual({ type: 'graphite', metadata: { serverAddress: 'http://g', query: 'q', threshold } });
  });

  it('sums an OpenTelemetry metric over the component\'s pods', () => {
    const trigger = kedaTriggers(withMetric({ type: 'PodMetric', podmetric: { metric: { backend: 'opentelemetry', query: 'waiting' }, target: { value: 4 } } }), config)[0];
    expect(trigger?.metadata['metricQuery']).toBe('sum(waiting{namespace="ns", deployment="iris-predictor"})');
  });

  it('refuses a query around a metric, which upstream turns into one that does not parse', () => {
    expect(() => kedaTriggers(withMetric({ type: 'PodMetric', podmetric: { metric: { backend: 'opentelemetry', query: 'avg(waiting)' }, target: { value: 4 } } }), config)).toThrow('must be the name of one metric, got "avg(waiting)"');
  });

  it('needs the address of a Prometheus for requests', () => expect(() => kedaTriggers(component({ scaleMetric: 'rps' }), platformConfig())).toThrow('only through Prometheus'));
});
