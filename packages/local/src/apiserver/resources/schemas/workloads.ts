import { anyObject, conditions, int, intOrText, labelSelector, list, object, oneOf, quantity, text, withDefault } from './build';
import { podTemplate } from './pod';

const status = { ...anyObject, properties: { conditions } };

export const deploymentSchema = object({
  spec: object({
    replicas: { ...withDefault(int, 1), minimum: 0 },
    selector: labelSelector,
    template: podTemplate,
    strategy: object({ type: oneOf('RollingUpdate', 'Recreate'), rollingUpdate: object({ maxSurge: intOrText, maxUnavailable: intOrText }) }),
    minReadySeconds: int,
    revisionHistoryLimit: withDefault(int, 10),
    progressDeadlineSeconds: withDefault(int, 600),
    paused: { type: 'boolean' },
  }, ['selector', 'template']),
  status,
});

export const replicaSetSchema = object({
  spec: object({ replicas: { ...withDefault(int, 1), minimum: 0 }, selector: labelSelector, template: podTemplate, minReadySeconds: int }, ['selector']),
  status,
});

const metricTarget = object({ type: text, value: quantity, averageValue: quantity, averageUtilization: int }, ['type']);
const metricIdentifier = object({ name: text, selector: labelSelector }, ['name']);
const crossVersionReference = object({ apiVersion: text, kind: text, name: text }, ['kind', 'name']);

const metric = object({
  type: text,
  resource: object({ name: text, target: metricTarget }, ['name', 'target']),
  containerResource: object({ name: text, container: text, target: metricTarget }, ['name', 'container', 'target']),
  pods: object({ metric: metricIdentifier, target: metricTarget }, ['metric', 'target']),
  object: object({ describedObject: crossVersionReference, metric: metricIdentifier, target: metricTarget }, ['describedObject', 'metric', 'target']),
  external: object({ metric: metricIdentifier, target: metricTarget }, ['metric', 'target']),
}, ['type']);

const scalingRules = object({
  policies: list(object({ type: text, value: int, periodSeconds: int }, ['type', 'value', 'periodSeconds'])),
  selectPolicy: text,
  stabilizationWindowSeconds: int,
  tolerance: quantity,
});

export const horizontalPodAutoscalerSchema = object({
  spec: object({
    scaleTargetRef: crossVersionReference,
    minReplicas: withDefault(int, 1),
    maxReplicas: { type: 'integer', minimum: 1 },
    metrics: list(metric),
    behavior: object({ scaleUp: scalingRules, scaleDown: scalingRules }),
  }, ['scaleTargetRef', 'maxReplicas']),
  status,
});

export const horizontalPodAutoscalerV1Schema = object({
  spec: object({
    scaleTargetRef: crossVersionReference,
    minReplicas: withDefault(int, 1),
    maxReplicas: { type: 'integer', minimum: 1 },
    targetCPUUtilizationPercentage: { type: 'integer', minimum: 1 },
  }, ['scaleTargetRef', 'maxReplicas']),
  status: anyObject,
});

export const podDisruptionBudgetSchema = object({
  spec: object({ minAvailable: intOrText, maxUnavailable: intOrText, selector: labelSelector, unhealthyPodEvictionPolicy: text }),
  status,
});
