import { refOf, type KubeObject } from 'cdk8s-kserve/api';
import { isConflict } from '../../kube/kube-api-error';
import type { KubeApi } from '../../kube/kube-api';
import { ownEntry, type ManagedFieldsEntry } from './find-abandoned';

/** KServe's controller by its program's name, which is what the API server writes down for it. */
const KSERVE = 'manager';
const ATTEMPTS = 5;

/** Whether nothing of ours was ever applied to a live child. */
export function isUnclaimed(live: KubeObject, manager: string): boolean {
  const record = live.metadata.managedFields as readonly ManagedFieldsEntry[] | undefined;
  return record !== undefined && ownEntry(record, manager) === undefined;
}

/**
 * Strikes KServe's controller, which no longer looks after a child, from the record of who owns its fields; values stay
 * as they are. As long as it owns a variable or a probe too, ceasing to apply that would not take it away.
 *
 * @param claimed the answer to our first apply
 */
export async function releaseFromKserve(claimed: KubeObject, api: KubeApi): Promise<KubeObject> {
  let child: KubeObject | undefined = claimed;
  for (let attempt = 1; child; attempt++) {
    const { managedFields, resourceVersion } = child.metadata;
    const record = (managedFields ?? []) as readonly ManagedFieldsEntry[];
    const kept = record.filter((e) => !(e.manager === KSERVE && e.operation === 'Update' && !e.subresource));
    if (kept.length === record.length) break;
    try {
      return await api.mergePatch(refOf(child), { metadata: { managedFields: kept, resourceVersion } });
    } catch (error) {
      if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      child = await api.get(refOf(child)); // Its status, say, was written meanwhile.
    }
  }
  return child ?? claimed;
}
