import type { KubeObject } from 'cdk8s-kserve/api';
import type { ServedResource } from '../resources/served-resource';
import { forbidden, StatusError } from '../status-error';
import type { ObjectStore } from '../storage/object-store';

export const NAMESPACES = '/namespaces';

/** Objects are created only in namespaces that exist and are to stay. @throws StatusError 404, 403 */
export function checkNamespace(store: ObjectStore, resource: ServedResource, object: KubeObject): void {
  const { name, namespace } = object.metadata;
  if (!resource.namespaced || namespace === undefined) return;
  const found = store.get(NAMESPACES, { name: namespace });
  if (!found) throw new StatusError(404, 'NotFound', `namespaces ${JSON.stringify(namespace)} not found`, { name: namespace, kind: 'namespaces' });
  if (!found.metadata.deletionTimestamp) return;
  throw forbidden(resource, name, `unable to create new content in namespace ${namespace} because it is being terminated`, [
    { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
  ]);
}
