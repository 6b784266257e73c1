import type { KubeObject } from 'cdk8s-kserve/api';
import type { LastChildren } from './last-children';
import { leadBack } from './lead-back';
import { syncChildren, type SyncContext, type SyncOutcome } from './sync-children';
import { BY_OWNER } from './watched-kinds';

/**
 * `syncChildren` for a spec that is valid. One that is not says nothing of children, and those of the last valid one still
 * answer: what is gone of them is made again, and their Services lead to them.
 *
 * @param wanted undefined of a spec that is not valid
 */
export async function syncOrKeep(owner: KubeObject, wanted: readonly KubeObject[] | undefined, last: LastChildren, context: SyncContext): Promise<SyncOutcome> {
  const children = (): readonly KubeObject[] => context.cache.byIndex('child', BY_OWNER, owner.metadata.uid ?? '');
  if (!wanted) {
    await leadBack(children(), children(), context);
    const { refusals } = await syncChildren(owner, last.missing(owner, children()), { ...context, frozen: true });
    return { refusals, serving: [], published: false };
  }
  const outcome = await syncChildren(owner, wanted, context);
  last.remember(owner, [...wanted, ...outcome.serving], children());
  return outcome;
}
