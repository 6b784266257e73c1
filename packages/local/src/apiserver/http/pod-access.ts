import type { KubeObject } from 'cdk8s-kserve/api';
import type { ServedResource } from '../resources/served-resource';
import type { PodLogSource } from './pod-log';

/** Subresources of a pod that lead into its containers: `kubectl exec`, `attach`, `cp`, `port-forward`, `debug`. */
export const WAYS_IN = ['exec', 'attach', 'portforward', 'ephemeralcontainers'] as const;
export type WayIn = (typeof WAYS_IN)[number];

/** What whoever runs the pods can say about one of them. */
export interface PodAccess {
  readonly logs: PodLogSource;
  /** Why there is no such way, and what to do instead; one sentence for people. */
  readonly whyNoWayIn: (pod: KubeObject, way: WayIn) => string;
}

export function isWayIn(resource: ServedResource, subresource: string | undefined): subresource is WayIn {
  return resource.group === '' && resource.plural === 'pods' && (WAYS_IN as readonly (string | undefined)[]).includes(subresource);
}
