import { CONFIG_MAP_NAME, FIELD_MANAGER, type Condition, type KubeObject, type ObjectMeta } from 'cdk8s-kserve/api';
import { entriesOfKserve, ownEntry, recordOf } from './compare/field-record';
import { sharedRecord } from './shared-record';

/** Makes an object smaller before it is cached: a thousand services must fit into little memory. */
export type Slim = (object: KubeObject) => KubeObject;

/** `managedFields` is half of a small object, and nobody reads it here. */
export const withoutManagedFields: Slim = (object) => ({ ...object, metadata: metadataWithoutRecord(object.metadata) });

/** Of a child's record our own entry is kept, which tells the fields to take back, and KServe's where it is still to be struck. */
export const slimChild: Slim = (object) => {
  const record = recordOf(object);
  if (!record) {
    return object;
  }
  const ours = ownEntry(record, FIELD_MANAGER);
  const kept = ours ? [ours, ...entriesOfKserve(record, FIELD_MANAGER)] : [];
  return { ...object, metadata: { ...metadataWithoutRecord(object.metadata), managedFields: kept.map(sharedRecord) } };
};

/** Of a pod only how it fares is read, never what it is made of. */
export const slimPod: Slim = ({ apiVersion, kind, metadata, ...rest }) => {
  return { apiVersion, kind, metadata: only(metadata, 'labels', 'creationTimestamp', 'deletionTimestamp'), status: rest['status'] };
};

/** Of a service account what leads to credentials: its annotations and the names of its secrets. */
export const slimAccount: Slim = ({ apiVersion, kind, metadata, ...rest }) => {
  return { apiVersion, kind, metadata: only(metadata, 'annotations'), ...(rest['secrets'] ? { secrets: rest['secrets'] } : {}) };
};

/**
 * Of a Gateway whether it serves, and why not. Its counts of attached routes change with every service, and what it says
 * of itself when all is well may count instances: nobody has to look at every service for that.
 */
export const slimGateway: Slim = ({ apiVersion, kind, metadata, ...rest }) => {
  const { gatewayClassName } = (rest['spec'] ?? {}) as { readonly gatewayClassName?: string };
  const { conditions, listeners } = (rest['status'] ?? {}) as GatewayStatus;
  return {
    apiVersion,
    kind,
    metadata: only(metadata),
    spec: { ...(gatewayClassName ? { gatewayClassName } : {}) },
    status: {
      conditions: bare(conditions),
      listeners: (listeners ?? []).map((listener) => ({ name: listener.name, conditions: bare(listener.conditions) })),
    },
  };
};

/** Of a GatewayClass what it can do. */
export const slimGatewayClass: Slim = ({ apiVersion, kind, metadata: { namespace: _none, ...metadata }, ...rest }) => {
  const { supportedFeatures = [] } = (rest['status'] ?? {}) as { readonly supportedFeatures?: readonly unknown[] };
  return { apiVersion, kind, metadata: only(metadata), status: { supportedFeatures } };
};

interface GatewayStatus {
  readonly conditions?: readonly Condition[];
  readonly listeners?: readonly { readonly name: string; readonly conditions?: readonly Condition[] }[];
}

function bare(conditions: readonly Condition[] = []): readonly Pick<Condition, 'type' | 'status' | 'reason' | 'message'>[] {
  return conditions.map(({ type, status, reason, message }) => ({ type, status, ...(status !== 'True' && reason ? { reason } : {}), ...(status !== 'True' && message ? { message } : {}) }));
}

/** Other ConfigMaps arrive only from servers that ignore field selectors; their content is none of our business. */
export const slimConfig: Slim = (object) => {
  const slim = withoutManagedFields(object);
  return object.metadata.name === CONFIG_MAP_NAME ? slim : without(without(slim, 'data'), 'binaryData') as KubeObject;
};

/** Who an object is, its version, and these fields where they are set. */
function only(metadata: ObjectMeta, ...fields: readonly (keyof ObjectMeta)[]): ObjectMeta {
  const kept = (['namespace', 'uid', 'resourceVersion', ...fields] as const).flatMap((field) => (metadata[field] ? [[field, metadata[field]] as const] : []));
  return { name: metadata.name, ...Object.fromEntries(kept) };
}

function metadataWithoutRecord(metadata: ObjectMeta): ObjectMeta {
  return without(metadata, 'managedFields');
}

function without<T extends object, K extends keyof T>(object: T, field: K): Omit<T, K> {
  const copy: Partial<T> = { ...object };
  delete copy[field];
  return copy as Omit<T, K>;
}
