import { CONFIG_MAP_NAME, jsonEqual, objectKey, type KubeObject } from 'cdk8s-kserve/api';
import type { ObjectChange } from '../engine/object-store';
import { BY_OWNER_NAME, type WatchedKind } from './watched-kinds';

/** Whose work a change is: named owners (services or graphs), or every one of a namespace, or every one. */
export type Affected = { readonly keys: readonly string[] } | { readonly namespace: string | undefined };

/** From a change in the cluster to the services, or graphs, that must be looked at again. Pure. */
export function affectedOwners(kind: WatchedKind, change: ObjectChange, ownerKind: string): Affected {
  switch (kind.role) {
    case 'owner':
      return { keys: [objectKey(change.object.metadata)] };
    case 'world':
    case 'account':
      return { namespace: change.object.metadata.namespace };
    case 'config':
      return change.object.metadata.name === CONFIG_MAP_NAME ? { namespace: undefined } : { keys: [] };
    case 'gateway':
      return isGatewayNews(change) ? { namespace: undefined } : { keys: [] };
    case 'child': {
      // A child that loses its owner reference by hand was ours until now.
      return { keys: unique(statesOf(change).flatMap((state) => ownerKeys(state, ownerKind))) };
    }
    case 'pod':
      return { keys: kind.indexers?.[BY_OWNER_NAME]?.(change.object) ?? [] };
  }
}

/** An object as a change leaves it, and as it was before. */
export function statesOf(change: ObjectChange): readonly KubeObject[] {
  return change.type === 'updated' ? [change.old, change.object] : [change.object];
}

/** Whether what is kept of a Gateway says something else than before. It is written with every route that comes and goes. */
export function isGatewayNews(change: ObjectChange): boolean {
  const said = (gateway: KubeObject): object => ({ spec: gateway['spec'], status: gateway['status'] });
  return change.type !== 'updated' || !jsonEqual(said(change.old), said(change.object));
}

function ownerKeys({ metadata }: KubeObject, ownerKind: string): string[] {
  const owner = metadata.ownerReferences?.find((o) => o.controller === true && o.kind === ownerKind);
  return owner ? [objectKey({ name: owner.name, namespace: metadata.namespace })] : [];
}

function unique(keys: readonly string[]): string[] {
  return [...new Set(keys)];
}
