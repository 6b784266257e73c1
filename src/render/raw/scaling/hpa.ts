import { LABEL, TerminalError, type KubeObject, type MetricsSpec } from '../../../api';
import type { Component } from '../../component';
import { unlessEmpty } from '../../metadata';
import { appLabel } from '../../names';
import type { Scaler } from './scaler';

const DEFAULT_UTILIZATION = 80;

/**
 * The HorizontalPodAutoscaler of a raw component.
 *
 * KServe differs: a metric that an HPA cannot follow is an error with the fix, where upstream silently scales on cpu;
 * `autoScaling.behavior` counts, where upstream drops it.
 */
export function renderHpa(component: Component): Scaler {
  const { name, namespace, metadata, extension } = component;
  const minReplicas = Math.max(extension.minReplicas ?? 1, 1);
  const maxReplicas = Math.max(extension.maxReplicas ?? 0, minReplicas);
  const object: KubeObject = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace, labels: { ...metadata.labels, [LABEL.app]: appLabel(name) }, ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas,
      maxReplicas,
      metrics: hpaMetrics(component),
      ...(extension.autoScaling?.behavior ? { behavior: extension.autoScaling.behavior } : {}),
    },
  };
  return {
    objects: [object],
    decision: {
      topic: 'autoscaling',
      choice: minReplicas === maxReplicas ? `HPA that keeps ${minReplicas} replica${minReplicas === 1 ? '' : 's'}` : `HPA from ${minReplicas} to ${maxReplicas} replicas`,
      because: extension.minReplicas === 0 ? 'raw mode cannot scale to zero, so minReplicas 0 is 1' : minReplicas === maxReplicas ? 'maxReplicas is not above minReplicas' : 'raw mode scales with an HPA unless told otherwise',
    },
  };
}

function hpaMetrics({ extension, path }: Component): readonly object[] {
  const structured = extension.autoScaling?.metrics;
  if (structured && structured.length > 0) return structured.map((metric, index) => structuredMetric(metric, `${path}.autoScaling.metrics[${index}]`));
  const { scaleMetric = 'cpu', scaleTarget } = extension;
  return [resourceMetric(scaleMetric, { type: 'Utilization', averageUtilization: scaleTarget ?? DEFAULT_UTILIZATION })];
}

function structuredMetric(metric: MetricsSpec, path: string): object {
  if (metric.type !== 'Resource' || !metric.resource) {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', `an HPA cannot follow a metric of type "${metric.type}"`, {
      path, hint: 'use type Resource with cpu or memory, or annotation serving.kserve.io/autoscalerClass: keda',
    });
  }
  const { name, target } = metric.resource;
  if (name === 'memory' && target.type === 'AverageValue') return resourceMetric(name, { type: 'AverageValue', averageValue: target.averageValue });
  return resourceMetric(name, { type: 'Utilization', averageUtilization: target.averageUtilization ?? DEFAULT_UTILIZATION });
}

function resourceMetric(name: string, target: object): object {
  return { type: 'Resource', resource: { name, target } };
}
