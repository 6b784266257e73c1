import type { KubeObject } from 'cdk8s-kserve/api';
import { apiVersionOf, type ServedResource } from './served-resource';

/** The object as one version of its resource presents it. Versions differ in their name alone, but for events. */
export function inVersion(resource: ServedResource, stored: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(resource);
  if (stored.apiVersion === apiVersion) return stored;
  return { ...(resource.fromStored?.(stored) ?? stored), apiVersion };
}

/** The inverse: the one form that the store keeps an object in. */
export function toStored(resource: ServedResource, object: KubeObject): KubeObject {
  if (object.apiVersion === resource.storageVersion) return object;
  return { ...(resource.toStored?.(object) ?? object), apiVersion: resource.storageVersion };
}
