import { lines, lintText } from './support';

/** A service in raw mode whose predictor has some lines more. */
function scaled(predictor: string, scaler = 'keda'): string {
  return `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: iris, namespace: models, annotations: { serving.kserve.io/deploymentMode: RawDeployment${scaler ? `, serving.kserve.io/autoscalerClass: ${scaler}` : ''} } }
spec:
  predictor:
${predictor.replace(/^/gm, '    ')}
    model: { modelFormat: { name: sklearn }, storageUri: s3://models/iris }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: inferenceservice-config, namespace: kserve }
data: { autoscaler: '{"prometheusServerAddress":"http://prometheus:9090"}' }
`;
}

function metric(query: string): string {
  return `- { type: External, external: { metric: { backend: prometheus, serverAddress: "http://p:9090", query: '${query}' }, target: { type: Value, value: "5" } } }`;
}

function withMetrics(min: number, ...metrics: readonly string[]): string {
  return scaled(`minReplicas: ${min}\nmaxReplicas: 4\nautoScaling:\n  metrics:\n    ${metrics.join('\n    ')}`);
}

function scaledObject(spec: string, target = 'iris-predictor'): string {
  return `${scaled('minReplicas: 1', 'external')}---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: by-queue, namespace: models }
spec: { scaleTargetRef: { name: ${target} }, ${spec} }
`;
}

const trigger = (query: string, beside = '', metadata = 'ignoreNullValues: "false"'): string => `triggers: [{ type: prometheus, ${beside}metadata: { query: '${query}', threshold: "5", ${metadata} } }]`;
const codes = (text: string): readonly string[] => lintText(text).map((f) => `${f.code} ${f.path}`);

describe('a scaler that goes to zero', () => {
  it.each<[string, string]>([
    ['the server\'s own metric', withMetrics(0, metric('sum(vllm:num_requests_waiting)'))],
    ['any series of its pods', withMetrics(0, metric('sum(rate(own_requests{pod=~"iris-predictor-.*"}[1m]))'))],
    ['several, all of the pods', withMetrics(0, metric('sum(nv_inference_pending_request_count)'), '- { type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }')],
    ['a metric through OpenTelemetry', withMetrics(0, '- { type: PodMetric, podmetric: { metric: { backend: opentelemetry, query: requests_running }, target: { type: Value, value: "4" } } }')],
    ['cpu', scaled('minReplicas: 0\nmaxReplicas: 4')],
    ['requests that the runtime counts', scaled('minReplicas: 0\nmaxReplicas: 4\nscaleMetric: rps\nscaleTarget: 5', '')],
  ])('and follows %s never wakes', (_what, text) => expect(codes(text)).toEqual(['ISVC_LINT_NEVER_WAKES spec.predictor.minReplicas']));

  it.each<[string, string]>([
    ['a metric in front of it', withMetrics(0, metric('sum(gateway_requests{service="iris"})'))],
    ['one such among its own', withMetrics(0, metric('sum(vllm:num_requests_waiting)'), metric('sum(gateway_requests)'))],
    ['its own metric and keeps one replica', withMetrics(1, metric('sum(vllm:num_requests_waiting)'))],
  ])('is left alone with %s', (_what, text) => expect(lines(lintText(text))).toEqual([]));

  it('is found in a ScaledObject, whose minReplicaCount is 0 when it is not said', () => {
    const own = trigger('sum(vllm:num_requests_waiting)');
    expect(codes(scaledObject(`maxReplicaCount: 2, ${own}`))).toEqual(['ISVC_LINT_NEVER_WAKES spec']);
    expect(codes(scaledObject(`minReplicaCount: 2, idleReplicaCount: 0, maxReplicaCount: 4, ${own}`))).toEqual(['ISVC_LINT_NEVER_WAKES spec.minReplicaCount']);
    expect(codes(scaledObject(`minReplicaCount: 1, maxReplicaCount: 4, ${own}`))).toEqual([]);
    expect(codes(scaledObject(`maxReplicaCount: 4, ${own}`, 'another-workload'))).toEqual([]);
  });
});

describe('a ScaledObject beside a service', () => {
  it('says its maximum and what a missing result means', () => {
    expect(codes(scaledObject(`minReplicaCount: 1, ${trigger('sum(waiting)', '', '')}`))).toEqual(['ISVC_LINT_KEDA_DEFAULT spec', 'ISVC_LINT_KEDA_DEFAULT spec.triggers[0].metadata']);
  });

  it('may follow a mean where it says that its value is one', () => {
    const mean = 'avg(queue_length)';
    expect(codes(scaledObject(`minReplicaCount: 1, maxReplicaCount: 4, ${trigger(mean)}`))).toEqual(['ISVC_LINT_METRIC_QUERY spec.triggers[0].metadata.query']);
    expect(codes(scaledObject(`minReplicaCount: 1, maxReplicaCount: 4, ${trigger(mean, 'metricType: Value, ')}`))).toEqual([]);
  });
});

describe('a metric of a service', () => {
  it.each(['avg(queue_length)', 'sum(used) / sum(total)'])('is no mean and no share: %s', (query) => {
    expect(lines(lintText(withMetrics(1, metric(query))))).toEqual([
      'warning spec.predictor.autoScaling.metrics[0].external.metric.query: is a mean or a share, and KEDA divides it by the number of replicas again [ISVC_LINT_METRIC_QUERY]',
    ]);
  });

  it('needs a maximum above the minimum', () => {
    expect(codes(scaled(`autoScaling:\n  metrics:\n    ${metric('sum(waiting)')}`))).toEqual(['ISVC_LINT_IDLE_SCALER spec.predictor.autoScaling.metrics']);
  });
});
