import { ANNOTATION } from '../../keys';
import { parseQuantity } from '../../k8s/quantity';
import type { StringMap } from '../../k8s/pod';
import type { DeploymentMode } from '../../platform-config/types';
import type { ComponentExtension, MetricTarget, MetricsSpec } from '../types';
import type { Report } from './report';

const MEBIBYTE = 1024 * 1024;
const KNATIVE_HPA = 'hpa.autoscaling.knative.dev';

/**
 * Bounds, metric and targets of one component's scaling.
 *
 * @param annotations of the service and the component, the component's last.
 * @param mode undefined when nobody has said it; rules that hang on it are then left out.
 */
export function checkAutoscaling(spec: ComponentExtension, path: string, annotations: StringMap, mode: DeploymentMode | undefined, report: Report): void {
  const min = spec.minReplicas ?? 1;
  const max = spec.maxReplicas ?? 0;
  if (max !== 0 && min > max) {
    report(`${path}.maxReplicas`, `must not be below minReplicas (${min}), got ${max}`, 'raise maxReplicas or lower minReplicas');
  }
  if (mode === 'Knative') checkKnative(spec, path, annotations, report);
  if (mode === 'Standard') checkRaw(spec, path, annotations[ANNOTATION.autoscalerClass], report);
}

function checkKnative(spec: ComponentExtension, path: string, annotations: StringMap, report: Report): void {
  const { scaleMetric, deploymentStrategy } = spec;
  const hpa = annotations[ANNOTATION.knativeClass] === KNATIVE_HPA;
  if (!hpa && (scaleMetric === 'cpu' || scaleMetric === 'memory')) {
    report(`${path}.scaleMetric`, `Knative's own autoscaler follows concurrency or rps, got "${scaleMetric}"`, `use one of them, or set annotation ${ANNOTATION.knativeClass}: ${KNATIVE_HPA}`);
  }
  if (deploymentStrategy) report(`${path}.deploymentStrategy`, 'has no effect in serverless mode, where Knative rolls out revisions', 'remove it');
}

function checkRaw(spec: ComponentExtension, path: string, scaler: string | undefined, report: Report): void {
  const { scaleMetric = 'cpu', scaleTarget, autoScaling } = spec;
  if (scaler === 'keda') {
    if (spec.scaleMetric) report(`${path}.scaleMetric`, 'is not read by KEDA', 'describe the metric in autoScaling.metrics');
    autoScaling?.metrics?.forEach((metric, index) => checkKedaMetric(metric, `${path}.autoScaling.metrics[${index}]`, report));
  } else if (scaler === undefined || scaler === 'hpa') {
    if ((scaleMetric === 'cpu' || scaleMetric === 'memory') && scaleTarget !== undefined && scaleTarget > 100) {
      report(`${path}.scaleTarget`, `must be 1 to 100 per cent of the ${scaleMetric} request, got ${scaleTarget}`);
    }
  }
}

function checkKedaMetric(metric: MetricsSpec, path: string, report: Report): void {
  if (metric.type === 'Resource') {
    const { resource } = metric;
    if (!resource) return report(`${path}.resource`, 'is missing', 'add resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}', 'ISVC_API_REQUIRED');
    if (resource.name !== 'cpu' && resource.name !== 'memory') report(`${path}.resource.name`, `must be cpu or memory, got "${resource.name}"`);
    if (resource.name === 'cpu' && (resource.target.type ?? 'Utilization') !== 'Utilization') {
      report(`${path}.resource.target.type`, `must be Utilization for cpu, got "${resource.target.type}"`);
    }
    if (resource.name === 'memory' && resource.target.type === 'Value') report(`${path}.resource.target.type`, 'must be Utilization or AverageValue for memory, got "Value"');
    if (resource.name === 'memory' && resource.target.averageValue !== undefined && (parseQuantity(resource.target.averageValue) ?? 0) < MEBIBYTE) {
      report(`${path}.resource.target.averageValue`, `must be at least 1Mi, got "${resource.target.averageValue}"`);
    }
    return checkTarget(resource.target, `${path}.resource.target`, report);
  }
  const [field, block] = metric.type === 'External' ? (['external', metric.external] as const) : (['podmetric', metric.podmetric] as const);
  if (!block) return report(`${path}.${field}`, `is missing for a metric of type ${metric.type}`, undefined, 'ISVC_API_REQUIRED');
  if (!block.metric.query) report(`${path}.${field}.metric.query`, 'is missing: nothing says what to measure', undefined, 'ISVC_API_REQUIRED');
  checkAmount(block.target, `${path}.${field}.target`, report);
}

/** KEDA takes `value` for the average of the replicas, whatever the type; KServe refuses a target without it. */
function checkAmount({ value, averageValue }: MetricTarget, path: string, report: Report): void {
  const written = averageValue === undefined ? 'what one replica can take' : `"${averageValue}" here, too: an average is what KEDA makes of it`;
  if (value === undefined) report(`${path}.value`, 'is missing: nothing says when to scale', `write ${written}`, 'ISVC_API_REQUIRED');
  else if (!((parseQuantity(value) ?? 0) > 0)) report(`${path}.value`, `must be above 0, got "${value}"`, 'write what one replica can take');
}

function checkTarget(target: MetricTarget, path: string, report: Report): void {
  const { type, averageUtilization, averageValue } = target;
  if (type === 'Utilization' && averageUtilization !== undefined && (averageUtilization < 1 || averageUtilization > 100)) {
    report(`${path}.averageUtilization`, `must be 1 to 100, got ${averageUtilization}`);
  }
  if (type === 'Utilization' && averageUtilization === undefined) report(`${path}.averageUtilization`, 'is missing for a target of type Utilization', undefined, 'ISVC_API_REQUIRED');
  if (type === 'AverageValue' && averageValue === undefined) report(`${path}.averageValue`, 'is missing for a target of type AverageValue', undefined, 'ISVC_API_REQUIRED');
}
