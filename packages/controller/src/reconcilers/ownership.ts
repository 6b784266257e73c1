import { LABEL, type KubeObject, type OwnerReference } from 'cdk8s-kserve/api';

/** The child as it is applied: controlled by its owner, a service or a graph, so that garbage collection removes it and nobody else claims it. */
export function controlledBy(child: KubeObject, parent: KubeObject): KubeObject {
  const { name, uid = '' } = parent.metadata;
  const owner: OwnerReference = { apiVersion: parent.apiVersion, kind: parent.kind, name, uid, controller: true, blockOwnerDeletion: true };
  return { ...child, metadata: { ...child.metadata, ownerReferences: [owner] } };
}

/**
 * Who stands in the way of taking a live object as our child: a sentence, or undefined when it is ours, or an orphan
 * that carries the label of such an owner (what `kubectl delete --cascade=orphan` and a move from KServe leave behind).
 */
export function obstacle(live: KubeObject, parent: KubeObject): string | undefined {
  const owner = live.metadata.ownerReferences?.find((o) => o.controller === true);
  if (owner?.uid === parent.metadata.uid) {
    return undefined;
  }
  const { kind, metadata } = live;
  if (owner) {
    return `${kind} ${metadata.name} belongs to ${owner.kind} ${owner.name}; rename the ${parent.kind} or delete the ${kind}`;
  }
  if (metadata.labels?.[parent.kind === 'InferenceGraph' ? LABEL.inferenceGraph : LABEL.inferenceService] === parent.metadata.name) {
    return undefined;
  }
  return `${kind} ${metadata.name} exists and was not made for this ${parent.kind}; rename the ${parent.kind} or delete the ${kind}`;
}

/**
 * Whether a live object is on its way out: deleted, or left from an earlier owner of the same name, which garbage
 * collection is about to take. It cannot be made anew before it is gone, and its going wakes us.
 */
export function isLeaving(live: KubeObject, parent: KubeObject): boolean {
  const owner = live.metadata.ownerReferences?.find((o) => o.controller === true);
  const predecessors = owner?.kind === parent.kind && owner.name === parent.metadata.name && owner.uid !== parent.metadata.uid;
  return live.metadata.deletionTimestamp !== undefined || predecessors;
}

/** Tells children of one owner apart. */
export function childKey({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion}/${kind}/${metadata.name}`;
}
