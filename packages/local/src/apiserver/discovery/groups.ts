import type { ResourceRegistry } from '../resources/resource-registry';
import { byVersionPriority } from './version-priority';

export const OBJECT_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** The named groups, in the order they were registered. */
export function groupNames(registry: ResourceRegistry): readonly string[] {
  return [...new Set(registry.all().map((r) => r.group))].filter((group) => group !== '');
}

/** The versions of a group, the preferred one first. */
export function versionsOf(registry: ResourceRegistry, group: string): readonly string[] {
  return [...new Set(registry.all().filter((r) => r.group === group).map((r) => r.version))].sort(byVersionPriority);
}
