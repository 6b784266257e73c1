import { isNotFound } from 'cdk8s-kserve-controller';
import { jsonEqual, type KubeObject } from 'cdk8s-kserve/api';
import type { WatchedKind } from './informer-set';
import type { ReconcilerContext } from './reconciler';

/**
 * Replaces an object's status where it differs; an object that is gone is left alone.
 *
 * @throws KubeApiError 409 when the object changed meanwhile: the reconciler looks again.
 */
export async function writeStatus(context: ReconcilerContext, kind: WatchedKind, object: KubeObject, status: object): Promise<void> {
  if (jsonEqual(object['status'] ?? {}, status)) return;
  try {
    context.informers.observe(kind, await context.api.replaceStatus({ ...object, status }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
