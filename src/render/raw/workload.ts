import { ANNOTATION, type KubeObject } from '../../api';
import type { Component } from '../component';
import { aboutObject, type Decision, type World } from '../types';
import { componentsOf, type Version } from '../versions';
import { renderDeployment } from './deployment';
import { renderDisruptionBudget } from './disruption-budget';
import { renderAutoscaler } from './scaling/autoscaler';
import { renderService } from './service';

export interface Workload {
  readonly children: readonly KubeObject[];
  readonly decisions: readonly Decision[];
}

/** Service, Deployment, autoscaler and disruption budget of every component of the stable version. */
export function stableWorkload(version: Version, world: World): Workload {
  return join(componentsOf(version).map((component) => workloadOf(component, world, component === version.predictor)));
}

/**
 * The same of a canary, with a fixed number of replicas: as many as its share of the stable version's, at least one.
 *
 * KServe differs: the stable version keeps its size while the canary runs, so that going back needs no new pods.
 */
export function canaryWorkload(version: Version, stable: Version, world: World): Workload {
  const share = version.variant?.trafficPercent ?? 0;
  const own = version.variant?.overlay.minReplicas;
  return join(
    componentsOf(version).map((component) => {
      const stableMin = stable[component.role]?.extension.minReplicas ?? 1;
      const wanted = component.role === 'predictor' && own !== undefined ? own : Math.ceil((stableMin * share) / 100);
      return workloadOf(fixedSize(component, wanted), world);
    }),
  );
}

/** Scaling of a canary would mix the question "is it good" with "how much of it is there". */
function fixedSize(component: Component, replicas: number): Component {
  const { scaleMetric: _metric, scaleTarget: _target, autoScaling: _autoScaling, ...extension } = component.extension;
  const off = component.metadata.annotations[ANNOTATION.autoscalerClass] === 'none';
  const count = off ? replicas : Math.max(replicas, 1);
  return { ...component, extension: { ...extension, minReplicas: count, maxReplicas: count } };
}

/** @param main the component whose decisions need no name. */
function workloadOf(component: Component, world: World, main = false): Workload {
  const scaler = renderAutoscaler(component, world);
  const budget = renderDisruptionBudget(component);
  const decisions = [scaler.decision, ...(budget.decision ? [budget.decision] : [])];
  return {
    children: [renderService(component, world.config), renderDeployment(component, world.config), ...scaler.objects, ...(budget.object ? [budget.object] : [])],
    decisions: main ? decisions : aboutObject(component.name, decisions),
  };
}

function join(parts: readonly Workload[]): Workload {
  return { children: parts.flatMap((p) => p.children), decisions: parts.flatMap((p) => p.decisions) };
}
