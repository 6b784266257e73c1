import { applyDefaults, type KubeObject, pruneUnknown } from 'cdk8s-kserve/api';
import type { MutableJson } from '../json';
import type { ServedResource } from '../resources/served-resource';

export interface Normalized {
  readonly object: KubeObject;
  readonly unknownFields: readonly string[];
}

/** Drops what the resource's schema does not know and fills in its defaults, as every write and its answer go through. */
export function normalize(resource: ServedResource, object: KubeObject, old?: KubeObject): Normalized {
  const { value, unknownFields } = pruneUnknown(resource.schema, object);
  const defaulted = applyDefaults(resource.schema, value) as KubeObject;
  if (!resource.applyBuiltInDefaults) return { object: defaulted, unknownFields };
  const draft = structuredClone(defaulted) as KubeObject & MutableJson;
  resource.applyBuiltInDefaults(draft, old);
  return { object: draft, unknownFields };
}

/** `unknown field "spec.foo"`: how strict decoding and warnings name a field. */
export function unknownFieldMessages(paths: readonly string[]): string[] {
  return paths.map((path) => `unknown field ${JSON.stringify(path)}`);
}
