import { KNATIVE_SERVING_API, type Condition, type KubeObject } from 'cdk8s-kserve/api';
import { childKey } from './ownership';

/** What decides where requests go; it stays with the old workload until the new one answers. */
const NETWORK_KINDS = ['HTTPRoute', 'GRPCRoute', 'Ingress', 'VirtualService'];

/** A service on its way between raw and serverless mode. */
export interface ModeSwitch {
  /** Old workloads that serve until the new ones answer. */
  readonly serving: readonly KubeObject[];
  /** Whether this wanted child has to wait for the new workloads. */
  readonly holdsBack: (child: KubeObject) => boolean;
}

/**
 * Undefined unless workloads of the other mode are still there and a workload that replaces one does not answer yet.
 *
 * Both modes name the Service that callers use after the workload, and Knative insists on making its own; so the Service
 * changes hands last, when there is something behind it.
 */
export function modeSwitch(wanted: readonly KubeObject[], owned: readonly KubeObject[]): ModeSwitch | undefined {
  const live = new Map(owned.map((child) => [childKey(child), child]));
  const replaced = wanted.filter(isWorkload).flatMap((next) => {
    const old = owned.find((o) => isWorkload(o) && o.kind !== next.kind && o.metadata.name === next.metadata.name && !o.metadata.deletionTimestamp);
    // One that serves nobody is not waited for: it may be what the switch is to cure.
    return old && serves(old) ? [{ old, next }] : [];
  });
  if (replaced.every(({ next }) => answers(live.get(childKey(next))))) {
    return undefined;
  }
  return {
    serving: replaced.map(({ old }) => old),
    holdsBack: (child) => NETWORK_KINDS.includes(child.kind) || (child.apiVersion === 'v1' && child.kind === 'Service'),
  };
}

/** Whether a child is the Knative Service of a component that has become a Deployment. */
export function leavesKnative(child: KubeObject, wanted: readonly KubeObject[]): boolean {
  return child.apiVersion === KNATIVE_SERVING_API && wanted.some((w) => w.kind === 'Deployment' && w.metadata.name === child.metadata.name);
}

function isWorkload({ apiVersion, kind }: KubeObject): boolean {
  return kind === 'Deployment' || (apiVersion === KNATIVE_SERVING_API && kind === 'Service');
}

interface WorkloadStatus {
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

/** Its controller has seen its latest spec, and it serves. */
function answers(workload: KubeObject | undefined): boolean {
  return workload !== undefined && (statusOf(workload).observedGeneration ?? 0) >= (workload.metadata.generation ?? 0) && serves(workload);
}

/** A Knative Service cannot be Ready while the Service of its name is ours; that its revision is has to do. */
export function serves(workload: KubeObject): boolean {
  const { availableReplicas = 0, conditions = [] } = statusOf(workload);
  return workload.kind === 'Deployment' ? availableReplicas > 0 : conditions.some((c) => c.type === 'ConfigurationsReady' && c.status === 'True');
}

function statusOf(workload: KubeObject): WorkloadStatus {
  return (workload['status'] ?? {}) as WorkloadStatus;
}
