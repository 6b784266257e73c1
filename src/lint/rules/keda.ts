import type { LintContext } from '../context';
import { documents, object, rawService } from '../example';
import { isMeanOrShare } from '../promql';
import { mapAt } from '../read';
import type { Hit, Rule } from '../rule';
import { scaledObjects } from '../scaled-objects';

/** No pod, no metric, no pod. */
function* neverWakes(context: LintContext): Generator<Hit> {
  for (const { on, minPath, toZero, triggers } of scaledObjects(context)) {
    if (!toZero || triggers.length === 0 || !triggers.every((t) => t.ofThePods)) continue;
    const [first] = triggers;
    const what = first?.query ? `"${first.query}"` : (first?.type ?? '');
    yield {
      on, path: minPath, message: `may become 0, and only the pods themselves tell ${what}: once they are gone nothing starts them again`,
      hint: 'keep 1 replica, or add a metric of the gateway or the queue in front of them',
    };
  }
}

/** Mistakes in queries that show only as a wrong number of replicas. */
function* queries(context: LintContext): Generator<Hit> {
  for (const { on, triggers, written } of scaledObjects(context)) {
    for (const { query, queryPath: path, perReplica } of triggers) {
      if (/nv_inference_(queue|request|compute_\w+)_duration_us/.test(query) && !/rate\(|increase\(/.test(query)) yield { on, path, message: 'reads a counter that only grows', hint: 'put it into rate(...[2m])' };
      if (/vllm:gpu_cache_usage_perc/.test(query) && !/vllm:kv_cache_usage_perc/.test(query)) yield { on, path, severity: 'warning', message: 'vLLM has renamed vllm:gpu_cache_usage_perc', hint: 'read "vllm:kv_cache_usage_perc or vllm:gpu_cache_usage_perc"' };
      // The ScaledObject of an InferenceService has no metricType, whatever the type of its target: KServe's has none either.
      if (perReplica && isMeanOrShare(query)) {
        yield { on, path, severity: 'warning', message: 'is a mean or a share, and KEDA divides it by the number of replicas again', hint: `use a sum over the replicas${written ? ', or metricType: Value beside the trigger\'s type' : ''}` };
      }
    }
  }
}

/** What KEDA takes where its author is silent. A service's own ScaledObject has no such fields, so there is nothing to say of it. */
function* defaults(context: LintContext): Generator<Hit> {
  for (const { on, object: scaled, written, triggers } of scaledObjects(context)) {
    if (!written) continue;
    if (mapAt(scaled, 'spec')['maxReplicaCount'] === undefined) yield { on, path: 'spec', message: 'has no maxReplicaCount, so KEDA may start 100 replicas', hint: 'set it to what the cluster, or the quota of GPUs, can hold' };
    for (const { path, type, metadata } of triggers) {
      if (type !== 'prometheus' || String(metadata['ignoreNullValues']) === 'false') continue;
      yield { on, path: `${path}.metadata`, message: 'reads a query without a result as 0: when Prometheus loses its targets, the service is scaled down under load', hint: 'set ignoreNullValues: "false"' };
    }
  }
}

const SCALED = (min: number, query: string, max = 'maxReplicas: 4'): string => rawService(`
  predictor:
    minReplicas: ${min}
    ${max}
    autoScaling:
      metrics:
        - type: External
          external:
            metric: { backend: prometheus, serverAddress: "http://prometheus.monitoring:9090", query: '${query}' }
            target: { type: Value, value: "5" }
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`, { annotations: 'serving.kserve.io/autoscalerClass: keda' });
const ON_THEIR_OWN = rawService(`
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`, { annotations: 'serving.kserve.io/autoscalerClass: external' });
const SCALED_OBJECT = (fields: string, metadata: string): string => object('keda.sh/v1alpha1', 'ScaledObject', `
  scaleTargetRef: { name: iris-predictor }
  minReplicaCount: 1
${fields}  triggers:
    - type: prometheus
      metadata: { serverAddress: "http://prometheus.monitoring:9090", query: 'sum(waiting_requests)', threshold: "5"${metadata} }
`, { name: 'iris-by-queue' });

/** KEDA on model servers: what starts the first pod, what a query measures, what is taken when nobody says. */
export const KEDA_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_NEVER_WAKES', severity: 'error', title: 'Something outside of the pods starts the first one',
    why: 'At zero replicas nobody emits the metrics of a model server, its container or its GPU, and there is no series for KEDA to read: the service stays at zero. KEDA refuses zero with cpu and memory alone for that reason.',
    bad: SCALED(0, 'sum(vllm:num_requests_waiting)'), good: SCALED(0, 'sum(rate(gateway_requests_total{route="iris"}[1m]))'), check: neverWakes,
  },
  {
    code: 'ISVC_LINT_METRIC_QUERY', severity: 'error', title: 'Queries of scalers measure what they mean',
    why: 'A counter without rate only grows, so the service scales to its maximum and stays there; an average, a maximum or a ratio is divided by the replicas once more.',
    bad: SCALED(1, 'sum(nv_inference_queue_duration_us)'), good: SCALED(1, 'sum(rate(nv_inference_queue_duration_us[2m]))'), check: queries,
  },
  {
    code: 'ISVC_LINT_KEDA_DEFAULT', severity: 'warning', title: 'ScaledObjects leave nothing to KEDA\'s defaults',
    why: 'Without a maximum KEDA scales to 100 replicas, each with its GPU. Without ignoreNullValues: "false" a query that finds nothing counts as no load.',
    bad: documents(ON_THEIR_OWN, SCALED_OBJECT('', ', ignoreNullValues: "false"')), good: documents(ON_THEIR_OWN, SCALED_OBJECT('  maxReplicaCount: 4\n', ', ignoreNullValues: "false"')), check: defaults,
  },
];
