import { jsonEqual, type KubeObject } from 'cdk8s-kserve/api';
import { without } from '../json';
import type { ServedResource } from '../resources/served-resource';

/** The generation of the next state: one more when anything but metadata and status changed. */
export function nextGeneration(resource: ServedResource, old: KubeObject | undefined, next: KubeObject): number | undefined {
  if (!resource.countsGeneration) return undefined;
  if (!old) return 1;
  const generation = old.metadata.generation ?? 1;
  const desired = (object: KubeObject): object => (resource.subresources.has('status') ? without(object, 'metadata', 'status') : without(object, 'metadata'));
  return jsonEqual(desired(old), desired(next)) ? generation : generation + 1;
}
