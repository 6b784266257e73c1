import type { ResourceRegistry } from '../resources/resource-registry';
import type { ServedResource, Subresource } from '../resources/served-resource';
import { isWayIn } from './pod-access';

/** What a path of the resource API addresses. */
export interface ResourcePath {
  readonly resource: ServedResource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** The deprecated `/api/v1/watch/...` form. */
  readonly watch: boolean;
}

/** Resolves a path against what is served; undefined when nothing is there. */
export function parseResourcePath(path: string, registry: ResourceRegistry): ResourcePath | undefined {
  const parts = path.split('/').filter((part) => part !== '').map(decodePart);
  if (parts.includes(undefined)) return undefined;
  const segments = parts as string[];
  const [root, ...rest] = segments;
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'api' ? '' : rest.shift();
  const version = rest.shift();
  if (group === undefined || version === undefined || (root === 'apis' && group === '')) return undefined;
  const watch = rest[0] === 'watch' && rest.length > 1;
  if (watch) rest.shift();
  const found = (plural: string | undefined): ServedResource | undefined => (plural === undefined ? undefined : registry.find(group, version, plural));

  // `namespaces/x/status` is the namespace itself, `namespaces/x/pods` a resource inside of it.
  const inner = rest[0] === 'namespaces' && rest.length > 2 ? found(rest[2]) : undefined;
  if (inner?.namespaced) return build(inner, rest[1], rest.slice(3), watch);
  const resource = found(rest[0]);
  return resource ? build(resource, undefined, rest.slice(1), watch) : undefined;
}

function build(resource: ServedResource, namespace: string | undefined, rest: readonly string[], watch: boolean): ResourcePath | undefined {
  const [name, subresource, ...more] = rest;
  if (more.length > 0) return undefined;
  if (subresource !== undefined && !resource.subresources.has(subresource as Subresource) && !isWayIn(resource, subresource)) return undefined;
  // A single namespaced object has no address outside of its namespace.
  if (resource.namespaced && namespace === undefined && name !== undefined) return undefined;
  return { resource, namespace, name, subresource, watch };
}

function decodePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
