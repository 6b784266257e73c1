import type { KubeObject } from 'cdk8s-kserve/api';

/** Who leads, as it stands in a `coordination.k8s.io/v1` Lease. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export interface LeaseTarget {
  readonly namespace: string;
  readonly name: string;
}

export function specOf(lease: KubeObject): LeaseSpec {
  return (lease['spec'] ?? {}) as LeaseSpec;
}

export function leaseOf({ namespace, name }: LeaseTarget, spec: LeaseSpec, before?: KubeObject): KubeObject {
  const base = before ?? { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } };
  return { ...base, spec };
}

/** Kubernetes' MicroTime. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace(/Z$/, '000Z');
}
