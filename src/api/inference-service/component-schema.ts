import { anyObj, int, intOrString, listOf, obj, str, stringMap } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import { LOGGER_MODES, SCALE_METRICS, type ComponentExtension, type LoggerSpec, type MetricTarget, type MetricsSpec } from './types';

type Schemas<T> = Record<keyof T, StructuralSchema>;

export const percent = int({ minimum: 0, maximum: 100 });
/** core/v1-like reference to where a model lies behind a key of a storage secret. */
export const storageFields = { path: str(), schemaPath: str(), parameters: stringMap(), key: str() };

const target = obj({
  type: str({ enum: ['Utilization', 'Value', 'AverageValue'] }),
  averageUtilization: int(),
  averageValue: intOrString(),
  value: intOrString(),
} satisfies Schemas<MetricTarget>);

const metric = obj(
  {
    type: str({ enum: ['Resource', 'External', 'PodMetric'] }),
    resource: obj({ name: str(), target }, { required: ['name', 'target'] }),
    external: obj(
      {
        metric: obj({ backend: str({ enum: ['prometheus', 'graphite'] }), serverAddress: str(), query: str(), namespace: str() }, { required: ['backend'] }),
        authenticationRef: obj({ authModes: str(), authenticationRef: obj({ name: str(), kind: str() }, { required: ['name'] }) }),
        target,
      },
      { required: ['metric', 'target'] },
    ),
    podmetric: obj(
      {
        metric: obj(
          { backend: str({ enum: ['opentelemetry'] }), serverAddress: str(), metricNames: listOf(str()), query: str(), operationOverTime: str() },
          { required: ['backend'] },
        ),
        target,
      },
      { required: ['metric', 'target'] },
    ),
  } satisfies Schemas<MetricsSpec>,
  { required: ['type'] },
);

const logger = obj({
  url: str(),
  mode: str({ enum: LOGGER_MODES, description: 'What is logged; all when absent.' }),
  metadataHeaders: listOf(str()),
  metadataAnnotations: listOf(str()),
  marshallerUrl: str(),
  batchSize: int({ minimum: 1 }),
  batchInterval: str(),
  storage: obj({ ...storageFields, serviceAccountName: str() }),
} satisfies Schemas<LoggerSpec>);

/** The fields that every component has beside its pod. */
export const componentFields = {
  minReplicas: int({ minimum: 0, description: 'Smallest number of replicas; 0 allows scale to zero where the mode has it.' }),
  maxReplicas: int({ minimum: 0, description: 'Largest number of replicas; 0 is the same as unset.' }),
  scaleTarget: int({ minimum: 1, description: 'Target of scaleMetric: per cent of the request (cpu, memory), requests in flight or per second.' }),
  scaleMetric: str({ enum: SCALE_METRICS, description: 'What scaling follows.' }),
  scaleMetricType: str({ enum: ['Utilization', 'Value', 'AverageValue'] }),
  autoScaling: obj({ metrics: listOf(metric), behavior: anyObj() }),
  containerConcurrency: int({ minimum: 0, description: 'Requests that one replica takes at a time; 0 is no limit.' }),
  timeout: int({ minimum: 1, description: 'Seconds that a request may take.' }),
  canaryTrafficPercent: percent,
  logger,
  batcher: obj({ maxBatchSize: int({ minimum: 1 }), maxLatency: int({ minimum: 0 }), timeout: int() }),
  labels: stringMap(),
  annotations: stringMap(),
  deploymentStrategy: anyObj(),
} satisfies Schemas<ComponentExtension>;
