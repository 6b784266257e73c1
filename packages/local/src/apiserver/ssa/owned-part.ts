import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { without } from '../json';

/** The metadata that the server itself keeps; nobody can own it. */
const SERVER_METADATA = ['name', 'namespace', 'generateName', 'creationTimestamp', 'selfLink', 'uid', 'generation', 'managedFields', 'resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds'];

/**
 * The part of an object that writers can own through one endpoint: everything but status through the object itself
 * (when it has a status subresource), status alone through that subresource.
 */
export function ownedPart(object: KubeObject | undefined, subresource: string, hasStatusSubresource: boolean): Record<string, unknown> {
  if (!object) return {};
  if (subresource === 'status') return isJsonObject(object['status']) ? { status: object['status'] } : {};
  const { metadata, ...rest } = without<Record<string, unknown>>(object, 'apiVersion', 'kind');
  const meta = without({ ...(metadata as object) }, ...SERVER_METADATA);
  const body: Record<string, unknown> = Object.keys(meta).length > 0 ? { metadata: meta, ...rest } : rest;
  return hasStatusSubresource ? without(body, 'status') : body;
}

/** The whole object with its owned part replaced: the inverse of `ownedPart`. `live` is undefined when `config` creates it. */
export function withOwnedPart(
  live: KubeObject | undefined,
  config: KubeObject,
  part: Readonly<Record<string, unknown>>,
  options: { readonly subresource: string; readonly hasStatusSubresource: boolean; readonly managedFields: readonly object[] },
): KubeObject {
  const base = live ?? config;
  const { managedFields } = options;
  if (options.subresource === 'status') return { ...without(base, 'status'), ...part, metadata: { ...base.metadata, managedFields } };
  const { metadata, ...body } = part;
  const serverKept = Object.fromEntries(Object.entries(base.metadata).filter(([name]) => SERVER_METADATA.includes(name)));
  return {
    apiVersion: base.apiVersion,
    kind: base.kind,
    metadata: { name: base.metadata.name, ...serverKept, ...(isJsonObject(metadata) ? metadata : {}), managedFields },
    ...body,
    ...(options.hasStatusSubresource && live?.['status'] !== undefined ? { status: live['status'] } : {}),
  };
}
