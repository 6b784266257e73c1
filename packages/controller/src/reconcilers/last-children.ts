import { FIELD_MANAGER, objectKey, type KubeObject } from 'cdk8s-kserve/api';
import { lastApplied } from './compare/last-applied';
import { childKey } from './ownership';

interface Known {
  readonly uid: string;
  readonly children: readonly KubeObject[];
}

/**
 * The children of the last valid spec as they were last seen: under a spec that is not valid one that is deleted by hand is made
 * again from that. Cached objects, so they take no memory while they live. A controller that starts under such a spec
 * knows those that are there then; no object holds the rest, as that would be a write more for every edit of every service.
 */
export class LastChildren {
  private readonly owners = new Map<string, Known>();

  /** @param asked by a valid spec, or serving until what it asks for does */
  remember(owner: KubeObject, asked: readonly KubeObject[], live: readonly KubeObject[]): void {
    const keys = new Set(asked.map(childKey));
    this.keep(owner, live.filter((child) => keys.has(childKey(child))));
  }

  forget(ownerKey: string): void {
    this.owners.delete(ownerKey);
  }

  /** What is gone of them, as it was applied. */
  missing(owner: KubeObject, live: readonly KubeObject[]): readonly KubeObject[] {
    const before = this.owners.get(objectKey(owner.metadata));
    const known = before && before.uid === owner.metadata.uid ? before.children : live;
    const now = new Map(live.map((child) => [childKey(child), child]));
    this.keep(owner, known.map((child) => now.get(childKey(child)) ?? child));
    return known.filter((child) => !now.has(childKey(child))).flatMap((child) => lastApplied(child, FIELD_MANAGER) ?? []);
  }

  private keep(owner: KubeObject, children: readonly KubeObject[]): void {
    this.owners.set(objectKey(owner.metadata), { uid: owner.metadata.uid ?? '', children });
  }
}
