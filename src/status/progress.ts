import { COMPONENT_ROLES, LABEL, type ComponentRole, type InferenceService, type KubeObject } from '../api';
import { componentName, predictorName } from '../render';
import { conditionOf, finding, isCurrent, type Finding } from './conditions';
import { routesFinding } from './raw-findings';

/**
 * `Servable`: whether a prediction would be answered now, by whatever version, whatever is in progress and however wrong
 * the latest spec is. `Ready` speaks of the spec; this speaks of the data path.
 */
export function servableFinding(service: InferenceService, children: readonly KubeObject[]): Finding {
  const path: readonly ComponentRole[] = service.spec.transformer ? ['predictor', 'transformer'] : ['predictor'];
  const silent = path.filter((role) => !workloads(service, role, children).some(answers));
  if (silent.length > 0) return finding('Servable', 'False', 'NoInstance', `nothing answers for: ${silent.join(', ')}`);
  const live = (route: KubeObject): KubeObject => route;
  const routes = routesFinding(children.filter((c) => c.kind === 'HTTPRoute' || c.kind === 'GRPCRoute'), live);
  return routes.status === 'True' ? finding('Servable', 'True') : { ...routes, type: 'Servable', status: 'False' };
}

/**
 * `Progressing`: whether waiting is worth while. False once all is as the spec says, and also when it will not be: a
 * Deployment past its deadline, a Knative revision that failed.
 */
export function progressingFinding(service: InferenceService, children: readonly KubeObject[], findings: readonly Finding[], switching: boolean): Finding {
  const type = 'Progressing';
  if (switching) return finding(type, 'True', 'SwitchingMode', 'the workload of the new mode is starting');
  const all = COMPONENT_ROLES.flatMap((role) => workloads(service, role, children));
  for (const workload of all) {
    const given = conditionOf(workload, workload.kind === 'Deployment' ? 'Progressing' : 'ConfigurationsReady');
    if (given?.status === 'False' && isCurrent(workload)) return finding(type, 'False', given.reason ?? 'Failed', given.message);
  }
  const moving = all.filter((w) => !isSettled(w)).map((w) => `${w.kind} ${w.metadata.name}`);
  if (moving.length > 0 || all.length === 0) return finding(type, 'True', 'RollingOut', moving.length > 0 ? `${moving.join(', ')} is rolling out` : 'no workload exists yet');
  const route = findings.find((f) => f.type === 'IngressReady');
  return route && route.status !== 'True' ? finding(type, 'True', 'WaitingForRoute', route.message) : finding(type, 'False', 'Settled');
}

/** The stable version's workloads of a component, of whichever mode is there. */
function workloads({ metadata: { name }, spec }: InferenceService, role: ComponentRole, children: readonly KubeObject[]): readonly KubeObject[] {
  const own = role === 'predictor' ? predictorName(name, spec.predictor) : componentName(name, role);
  const isWorkload = (c: KubeObject): boolean => c.kind === 'Deployment' || c.apiVersion.startsWith('serving.knative.dev/');
  return children.filter((c) => isWorkload(c) && c.metadata.name === own && !c.metadata.deletionTimestamp && (c.metadata.labels?.[LABEL.component] ?? role) === role);
}

function answers(workload: KubeObject): boolean {
  const { availableReplicas = 0, latestReadyRevisionName } = (workload['status'] ?? {}) as { readonly availableReplicas?: number; readonly latestReadyRevisionName?: string };
  if (workload.kind === 'Deployment') return availableReplicas > 0 || conditionOf(workload, 'Available')?.status === 'True';
  // A Knative Service that is not Ready routes to the last revision that was.
  return conditionOf(workload, 'RoutesReady')?.status === 'True' && (latestReadyRevisionName !== undefined || conditionOf(workload, 'Ready')?.status === 'True');
}

function isSettled(workload: KubeObject): boolean {
  if (!isCurrent(workload)) return false;
  return workload.kind === 'Deployment' ? conditionOf(workload, 'Progressing')?.reason === 'NewReplicaSetAvailable' : conditionOf(workload, 'ConfigurationsReady')?.status === 'True';
}
