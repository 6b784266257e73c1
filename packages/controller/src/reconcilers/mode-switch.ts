import { COMPONENT_ROLES, INFERENCE_SERVICE_KIND, KNATIVE_SERVING_API, type Condition, type InferenceService, type KubeObject } from 'cdk8s-kserve/api';
import { componentName, stableName } from 'cdk8s-kserve/render';
import { isWorkload, roleOf, ROUTE_KINDS, serviceNamed } from 'cdk8s-kserve/status';
import { childKey } from './ownership';

/** A service on its way between raw and serverless mode, or from one name of its predictor to another. */
export interface ModeSwitch {
  /** Old workloads that serve until the new ones answer. */
  readonly serving: readonly KubeObject[];
  /** Whether this wanted child has to wait for the new workloads. */
  readonly holdsBack: (child: KubeObject) => boolean;
}

/**
 * Undefined unless a workload serves that is no longer wanted, and one on the new way does not answer yet.
 *
 * Both modes name the Service that callers use after the workload, and Knative insists on making its own; so the Service
 * changes hands last, when there is something behind it.
 */
export function modeSwitch(owner: KubeObject, wanted: readonly KubeObject[], owned: readonly KubeObject[]): ModeSwitch | undefined {
  const live = new Map(owned.map((child) => [childKey(child), child]));
  const way = wanted.filter((child) => isWorkload(child) && isStable(owner, child));
  const silent = way.filter((next) => !answers(live.get(childKey(next))));
  const kept = new Set(wanted.map(childKey));
  const unwanted = owned.filter((old) => isWorkload(old) && !old.metadata.deletionTimestamp && !kept.has(childKey(old)) && !wasCanary(owner, old));
  const predecessors = (next: KubeObject): readonly KubeObject[] => unwanted.filter((old) => roleOf(old) === roleOf(next));
  // One that serves nobody, by itself or for want of a Service, is not waited for: it may be what the switch is to cure.
  const serving = [...new Set(way.flatMap(predecessors))].filter((old) => serves(old) && (old.kind !== 'Deployment' || serviceNamed(old.metadata.name, owned) !== undefined));
  if (serving.length === 0 || silent.length === 0) {
    return undefined;
  }
  return {
    serving,
    // What decides where requests go stays with the old workload.
    holdsBack: (child) => ROUTE_KINDS.includes(child.kind) || (child.apiVersion === 'v1' && child.kind === 'Service'),
  };
}

/** Whether a child is the Knative Service of a component that has become a Deployment. */
export function leavesKnative(child: KubeObject, wanted: readonly KubeObject[]): boolean {
  return child.apiVersion === KNATIVE_SERVING_API && wanted.some((w) => w.kind === 'Deployment' && w.metadata.name === child.metadata.name);
}

/** Of a service's stable version. Canaries have to earn their share before requests go to them; nothing waits for them. */
function isStable(owner: KubeObject, { metadata }: KubeObject): boolean {
  if (owner.kind !== INFERENCE_SERVICE_KIND.kind) {
    return true;
  }
  return COMPONENT_ROLES.some((role) => metadata.name === stableName(owner as InferenceService, role));
}

function wasCanary(owner: KubeObject, { metadata }: KubeObject): boolean {
  const canaries = (owner as InferenceService).status?.canaryStatuses ?? [];
  return canaries.some((canary) => COMPONENT_ROLES.some((role) => metadata.name === componentName(owner.metadata.name, role, canary.name)));
}

interface WorkloadStatus {
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

/** Its controller has seen its latest spec, which serves. A Knative Service cannot be Ready while the Service of its name is ours; that its revision is has to do. */
function answers(workload: KubeObject | undefined): boolean {
  if (workload === undefined || (statusOf(workload).observedGeneration ?? 0) < (workload.metadata.generation ?? 0)) {
    return false;
  }
  return workload.kind === 'Deployment' ? serves(workload) : isTrue(workload, 'ConfigurationsReady');
}

/** Requests are answered, by whichever version: a Knative Service whose latest revision fails routes to the one before. */
export function serves(workload: KubeObject): boolean {
  return workload.kind === 'Deployment' ? (statusOf(workload).availableReplicas ?? 0) > 0 : isTrue(workload, 'ConfigurationsReady') || isTrue(workload, 'RoutesReady');
}

/** What a workload's condition says, of whichever spec. */
export function isTrue(workload: KubeObject | undefined, type: string): boolean {
  return workload !== undefined && (statusOf(workload).conditions?.some((c) => c.type === type && c.status === 'True') ?? false);
}

function statusOf(workload: KubeObject): WorkloadStatus {
  return (workload['status'] ?? {}) as WorkloadStatus;
}
