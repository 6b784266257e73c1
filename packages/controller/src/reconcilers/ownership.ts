import { LABEL, type KubeObject, type OwnerReference } from 'cdk8s-kserve/api';

/** The child as it is applied: controlled by its service, so that garbage collection removes it and nobody else claims it. */
export function controlledBy(child: KubeObject, service: KubeObject): KubeObject {
  const { name, uid = '' } = service.metadata;
  const owner: OwnerReference = { apiVersion: service.apiVersion, kind: service.kind, name, uid, controller: true, blockOwnerDeletion: true };
  return { ...child, metadata: { ...child.metadata, ownerReferences: [owner] } };
}

/**
 * Who stands in the way of taking a live object as our child: a sentence, or undefined when it is ours, or an orphan
 * that carries the service's label (what `kubectl delete --cascade=orphan` and a move from KServe leave behind).
 */
export function obstacle(live: KubeObject, service: KubeObject): string | undefined {
  const owner = live.metadata.ownerReferences?.find((o) => o.controller === true);
  if (owner?.uid === service.metadata.uid) {
    return undefined;
  }
  const { kind, metadata } = live;
  if (owner) {
    return `${kind} ${metadata.name} belongs to ${owner.kind} ${owner.name}; rename the service or delete the ${kind}`;
  }
  if (metadata.labels?.[LABEL.inferenceService] === service.metadata.name) {
    return undefined;
  }
  return `${kind} ${metadata.name} exists and was not made for this service; rename the service or delete the ${kind}`;
}

/**
 * Whether a live object is on its way out: deleted, or left from an earlier service of the same name, which garbage
 * collection is about to take. It cannot be made anew before it is gone, and its going wakes us.
 */
export function isLeaving(live: KubeObject, service: KubeObject): boolean {
  const owner = live.metadata.ownerReferences?.find((o) => o.controller === true);
  const predecessors = owner?.kind === service.kind && owner.name === service.metadata.name && owner.uid !== service.metadata.uid;
  return live.metadata.deletionTimestamp !== undefined || predecessors;
}

/** Tells children of one service apart. */
export function childKey({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion}/${kind}/${metadata.name}`;
}
