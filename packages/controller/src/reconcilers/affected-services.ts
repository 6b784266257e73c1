import { CONFIG_MAP_NAME, objectKey, type KubeObject } from 'cdk8s-kserve/api';
import type { ObjectChange } from '../engine/object-store';
import { BY_SERVICE, type WatchedKind } from './watched-kinds';

/** Whose work a change is: named services, or every service of a namespace, or every service. */
export type Affected = { readonly keys: readonly string[] } | { readonly namespace: string | undefined };

/** From a change in the cluster to the services that must be looked at again. Pure. */
export function affectedServices(kind: WatchedKind, change: ObjectChange): Affected {
  switch (kind.role) {
    case 'service':
      return { keys: [objectKey(change.object.metadata)] };
    case 'world':
    case 'account':
      return { namespace: change.object.metadata.namespace };
    case 'config':
      return change.object.metadata.name === CONFIG_MAP_NAME ? { namespace: undefined } : { keys: [] };
    case 'child': {
      // A child that loses its owner reference by hand was ours until now.
      const states = change.type === 'updated' ? [change.old, change.object] : [change.object];
      return { keys: unique(states.flatMap(ownerKeys)) };
    }
    case 'pod':
      return { keys: kind.indexers?.[BY_SERVICE]?.(change.object) ?? [] };
  }
}

function ownerKeys({ metadata }: KubeObject): string[] {
  const owner = metadata.ownerReferences?.find((o) => o.controller === true && o.kind === 'InferenceService');
  return owner ? [objectKey({ name: owner.name, namespace: metadata.namespace })] : [];
}

function unique(keys: readonly string[]): string[] {
  return [...new Set(keys)];
}
