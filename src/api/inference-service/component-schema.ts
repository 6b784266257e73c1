import { anyObj, described, int, intOrString, listOf, obj, str, stringMap } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import { LOGGER_MODES, SCALE_METRICS, type ComponentExtension, type LoggerSpec, type MetricTarget, type MetricsSpec } from './types';

type Schemas<T> = Record<keyof T, StructuralSchema>;

export const percent = int({ minimum: 0, maximum: 100, description: 'Per cent of the requests, 0 to 100, that the new version answers.' });
/** core/v1-like reference to where a model lies behind a key of a storage secret. */
export const storageFields = {
  path: str({ description: 'Path within the storage.' }),
  schemaPath: str({ description: 'Path of the schema of the model, within the storage; for ModelMesh.' }),
  parameters: stringMap({ description: 'Parameters of the storage, such as type and bucket; they win over those of the secret.' }),
  key: str({ description: 'Which entry of the storage secret holds credentials and address.' }),
};

const target = obj({
  type: str({ enum: ['Utilization', 'Value', 'AverageValue'], description: 'Which of the amounts beside it counts.' }),
  averageUtilization: int({ description: 'Per cent of what the pods request, averaged over them.' }),
  averageValue: intOrString({ description: 'Amount for each pod, averaged over them.' }),
  value: intOrString({ description: 'Amount for all pods together.' }),
} satisfies Schemas<MetricTarget>);

const aimedAt = described('What the metric is held at.', target);
const serverAddress = str({ description: 'URL of the server to ask.' });

const externalMetric = obj(
  {
    backend: str({ enum: ['prometheus', 'graphite'], description: 'Kind of the server.' }),
    serverAddress,
    query: str({ description: 'Query in the language of the backend, whose answer is one number.' }),
    namespace: str({ description: 'Namespace to ask for, where the server keeps several apart.' }),
  },
  { required: ['backend'], description: 'Where the number comes from.' },
);

const authenticationRef = obj(
  {
    authModes: str({ description: 'How KEDA signs in, such as bearer or basic.' }),
    authenticationRef: obj(
      { name: str({ description: 'Name of the object.' }), kind: str({ description: 'TriggerAuthentication or ClusterTriggerAuthentication.' }) },
      { required: ['name'], description: "KEDA's object with the credentials." },
    ),
  },
  { description: 'How to sign in to the server.' },
);

const podMetric = obj(
  {
    backend: str({ enum: ['opentelemetry'], description: 'Who gathers the metrics of the pods.' }),
    serverAddress,
    metricNames: listOf(str(), { description: 'The first is the metric when there is no query.' }),
    query: str({ description: 'Name of one metric, which is summed over the pods.' }),
    operationOverTime: str({ description: 'How several samples become one number, such as last_one or avg.' }),
  },
  { required: ['backend'], description: 'Where the number comes from.' },
);

const metric = obj(
  {
    type: str({ enum: ['Resource', 'External', 'PodMetric'], description: 'Which of the fields beside it holds the metric.' }),
    resource: obj(
      { name: str({ description: 'Name of the resource, cpu or memory.' }), target: aimedAt },
      { required: ['name', 'target'], description: 'What the pods use of a resource.' },
    ),
    external: obj({ metric: externalMetric, authenticationRef, target: aimedAt }, { required: ['metric', 'target'], description: 'A number that a server outside the pods knows; scaled by KEDA.' }),
    podmetric: obj({ metric: podMetric, target: aimedAt }, { required: ['metric', 'target'], description: 'A number that each pod tells; scaled by KEDA.' }),
  } satisfies Schemas<MetricsSpec>,
  { required: ['type'] },
);

const logger = obj({
  url: str({ description: "Where the events go; the platform's address when absent." }),
  mode: str({ enum: LOGGER_MODES, description: 'What is logged; all when absent.' }),
  metadataHeaders: listOf(str(), { description: 'Request headers that events repeat.' }),
  metadataAnnotations: listOf(str(), { description: 'Annotations of the service that events repeat.' }),
  marshallerUrl: str({ description: 'Service that turns events into the format of a file, for logs in a storage.' }),
  batchSize: int({ minimum: 1, description: 'Events that are written together.' }),
  batchInterval: str({ description: 'Longest time that an event waits for others, such as 5s.' }),
  storage: obj(
    { ...storageFields, serviceAccountName: str({ description: 'Account whose credentials write to the storage.' }) },
    { description: 'Storage that events are written to.' },
  ),
} satisfies Schemas<LoggerSpec>, { description: 'Sends requests and answers somewhere, as CloudEvents.' });

const batcher = obj(
  {
    maxBatchSize: int({ minimum: 1, description: 'Instances that are sent to the server at most at once.' }),
    maxLatency: int({ minimum: 0, description: 'Milliseconds that a request waits for others.' }),
    timeout: int({ description: 'Read by nobody; use maxLatency.' }),
  },
  { description: 'Puts requests together before they reach the server.' },
);

/** The fields that every component has beside its pod. */
export const componentFields = {
  minReplicas: int({ minimum: 0, description: 'Smallest number of replicas, 1 when absent; 0 allows scale to zero where the mode has it.' }),
  maxReplicas: int({ minimum: 0, description: 'Largest number of replicas; 0 is the same as unset.' }),
  scaleTarget: int({ minimum: 1, description: 'Target of scaleMetric: per cent of the request (cpu, memory), requests in flight or per second.' }),
  scaleMetric: str({ enum: SCALE_METRICS, description: 'What scaling follows: a resource of the pods, requests in flight or requests per second.' }),
  scaleMetricType: str({ enum: ['Utilization', 'Value', 'AverageValue'], description: 'Read by nobody; use autoScaling.metrics.' }),
  autoScaling: obj(
    {
      metrics: listOf(metric, { description: 'Metrics that are followed together; the one that asks for most replicas wins.' }),
      behavior: anyObj({ description: 'How fast replicas come and go. As hpa.spec.behavior.' }),
    },
    { description: 'Scaling by metrics of your own, in place of scaleMetric.' },
  ),
  containerConcurrency: int({ minimum: 0, description: 'Requests that one replica takes at a time; 0 is no limit.' }),
  timeout: int({ minimum: 1, description: 'Seconds that a request may take.' }),
  canaryTrafficPercent: described('Serverless: per cent of the requests that the latest revision answers; the one before it answers the rest.', percent),
  logger,
  batcher,
  labels: stringMap({ description: 'Labels of the pods, beside those of the service.' }),
  annotations: stringMap({ description: 'Annotations of the pods and of the objects around them, beside those of the service.' }),
  deploymentStrategy: anyObj({ description: 'How pods of a new version replace those of the old, in raw mode. As deployment.spec.strategy.' }),
} satisfies Schemas<ComponentExtension>;
