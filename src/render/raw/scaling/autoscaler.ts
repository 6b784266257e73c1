import { ANNOTATION, KEDA_API, OPENTELEMETRY_API, TerminalError } from '../../../api';
import type { Component } from '../../component';
import type { World } from '../../types';
import { renderHpa } from './hpa';
import { renderScaledObject } from './keda';
import type { Scaler } from './scaler';

/**
 * What scales a raw component: an HPA, KEDA, or nothing of ours when its class says so. Requests in flight or per
 * second are beyond an HPA, so they become KEDA's where the cluster has it.
 *
 * @throws TerminalError ISVC_RENDER_UNSUPPORTED or ISVC_RENDER_MISSING_API with the fix.
 */
export function renderAutoscaler(component: Component, world: World): Scaler {
  const scaler = chooseScaler(component, world);
  if (world.apis && !world.apis.has(OPENTELEMETRY_API) && scaler.objects.some((o) => o.apiVersion === OPENTELEMETRY_API)) {
    throw new TerminalError('ISVC_RENDER_MISSING_API', `the cluster does not serve ${OPENTELEMETRY_API}, which carries a component's own metrics to KEDA`, {
      path: `${component.path}.autoScaling.metrics`, hint: 'install the OpenTelemetry operator, or use a metric of type External',
    });
  }
  return scaler;
}

function chooseScaler(component: Component, world: World): Scaler {
  const scaler = component.metadata.annotations[ANNOTATION.autoscalerClass];
  if (scaler === 'none' || scaler === 'external') {
    return { objects: [], decision: { topic: 'autoscaling', choice: 'no autoscaler', because: `annotation ${ANNOTATION.autoscalerClass} is "${scaler}"` } };
  }
  const { scaleMetric } = component.extension;
  const countsRequests = scaleMetric === 'concurrency' || scaleMetric === 'rps';
  if (scaler === 'keda') {
    if (world.apis && !world.apis.has(KEDA_API)) {
      throw new TerminalError('ISVC_RENDER_MISSING_API', `the cluster does not serve ${KEDA_API}, which annotation ${ANNOTATION.autoscalerClass} "keda" needs`, { hint: 'install KEDA, or use class "hpa"' });
    }
    return renderScaledObject(component, world.config, `annotation ${ANNOTATION.autoscalerClass} is "keda"`);
  }
  if (!countsRequests) return renderHpa(component);
  if (!world.apis?.has(KEDA_API)) {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', `an HPA cannot follow scaleMetric "${scaleMetric}"`, { path: `${component.path}.scaleMetric`, hint: 'use cpu or memory, install KEDA, or use serverless mode' });
  }
  return renderScaledObject(component, world.config, `an HPA cannot follow scaleMetric "${scaleMetric}" and the cluster has KEDA`);
}
