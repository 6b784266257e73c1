import { ANNOTATION, LABEL, TerminalError, type ComponentExtension, type KubeObject, type MetricsSpec } from '../../api';
import { unlessEmpty, type ComponentMetadata } from '../metadata';
import { appLabel } from '../names';
import type { Decision } from '../types';

const DEFAULT_CPU_UTILIZATION = 80;

/**
 * The HorizontalPodAutoscaler of a raw component, or none when its class says that something else scales it.
 *
 * KServe differs: a metric that an HPA cannot follow (concurrency, rps) is an error with the fix; upstream silently
 * scales on cpu instead.
 */
export function renderAutoscaler(name: string, namespace: string, metadata: ComponentMetadata, extension: ComponentExtension): { readonly object?: KubeObject; readonly decision: Decision } {
  const scaler = metadata.annotations[ANNOTATION.autoscalerClass];
  if (scaler === 'none' || scaler === 'external') {
    return { decision: { topic: 'autoscaling', choice: 'no autoscaler', because: `annotation ${ANNOTATION.autoscalerClass} is "${scaler}"` } };
  }
  if (scaler === 'keda') {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', 'KEDA scaling is not rendered by this version', { path: `metadata.annotations["${ANNOTATION.autoscalerClass}"]`, hint: 'use "hpa", or "external" with a ScaledObject of your own' });
  }
  const minReplicas = Math.max(extension.minReplicas ?? 1, 1);
  const maxReplicas = Math.max(extension.maxReplicas ?? 0, minReplicas);
  const metrics = hpaMetrics(extension);
  return {
    object: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace, labels: { ...metadata.labels, [LABEL.app]: appLabel(name) }, ...unlessEmpty('annotations', metadata.annotations) },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, minReplicas, maxReplicas, metrics },
    },
    decision: {
      topic: 'autoscaling',
      choice: `HPA from ${minReplicas} to ${maxReplicas} replicas`,
      because: extension.minReplicas === 0 ? 'raw mode cannot scale to zero, so minReplicas 0 is 1' : 'raw mode scales with an HPA unless told otherwise',
    },
  };
}

function hpaMetrics(extension: ComponentExtension): readonly object[] {
  const structured = extension.autoScaling?.metrics;
  if (structured && structured.length > 0) return structured.map(structuredMetric);
  const { scaleMetric = 'cpu', scaleTarget } = extension;
  if (scaleMetric === 'concurrency' || scaleMetric === 'rps') {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', `an HPA cannot follow scaleMetric "${scaleMetric}"`, { path: 'spec.predictor.scaleMetric', hint: 'use cpu or memory, or serverless mode' });
  }
  return [resourceMetric(scaleMetric, { type: 'Utilization', averageUtilization: scaleTarget ?? DEFAULT_CPU_UTILIZATION })];
}

function structuredMetric(metric: MetricsSpec, index: number): object {
  const path = `spec.predictor.autoScaling.metrics[${index}]`;
  if (metric.type !== 'Resource' || !metric.resource) {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', `an HPA cannot follow a metric of type "${metric.type}"`, { path, hint: 'use type Resource with cpu or memory' });
  }
  const { name, target } = metric.resource;
  if (name === 'memory' && target.type === 'AverageValue') return resourceMetric(name, { type: 'AverageValue', averageValue: target.averageValue });
  return resourceMetric(name, { type: 'Utilization', averageUtilization: target.averageUtilization ?? DEFAULT_CPU_UTILIZATION });
}

function resourceMetric(name: string, target: object): object {
  return { type: 'Resource', resource: { name, target } };
}
