import type { ApiResource } from './kube-api';

/** `/api/v1` for the core group, `/apis/<group>/<version>` for all others. */
export function groupVersionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

export interface PathTarget {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: 'status' | undefined;
}

/** The path of a collection or, with a name, of one object. A namespace is left out where the kind has none. */
export function resourcePath(resource: ApiResource, target: PathTarget = {}): string {
  const parts = [groupVersionPath(resource.apiVersion)];
  if (resource.namespaced && target.namespace) {
    parts.push('namespaces', encodeURIComponent(target.namespace));
  }
  parts.push(resource.plural);
  if (target.name !== undefined) {
    parts.push(encodeURIComponent(target.name));
    if (target.subresource) {
      parts.push(target.subresource);
    }
  }
  return parts.join('/');
}

/** Appends a query; undefined values are left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) {
      search.set(key, String(value));
    }
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}
