import { refOf, type KubeObject } from 'cdk8s-kserve/api';
import { isConflict } from '../../kube/kube-api-error';
import type { KubeApi } from '../../kube/kube-api';
import { entriesOfKserve, recordOf } from './field-record';

const ATTEMPTS = 5;

/**
 * Strikes KServe's controller, which no longer looks after a child, from the record of who owns its fields; values stay
 * as they are. As long as it owns a variable or a probe too, ceasing to apply that would not take it away.
 *
 * @param applied the answer to our apply, with its whole record
 */
export async function releaseFromKserve(applied: KubeObject, manager: string, api: KubeApi): Promise<KubeObject> {
  let child: KubeObject | undefined = applied;
  for (let attempt = 1; child; attempt++) {
    const record = recordOf(child) ?? [];
    const struck = entriesOfKserve(record, manager);
    if (struck.length === 0) break;
    try {
      const { resourceVersion } = child.metadata;
      return await api.mergePatch(refOf(child), { metadata: { managedFields: record.filter((e) => !struck.includes(e)), resourceVersion } });
    } catch (error) {
      if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      child = await api.get(refOf(child)); // Its status, say, was written meanwhile.
    }
  }
  return child ?? applied;
}

/**
 * The same for a child that was claimed before, as it is in the cache. It comes before the next apply, which else would leave
 * what we no longer want to KServe.
 */
export async function releaseLeftover(claimed: KubeObject, manager: string, api: KubeApi): Promise<void> {
  if (entriesOfKserve(recordOf(claimed) ?? [], manager).length === 0) return;
  const whole = await api.get(refOf(claimed)); // The cache keeps a part of the record.
  if (whole) await releaseFromKserve(whole, manager, api);
}
