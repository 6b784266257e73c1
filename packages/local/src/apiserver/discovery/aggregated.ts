import type { JsonObject } from 'cdk8s-kserve/api';
import type { ResourceRegistry } from '../resources/resource-registry';
import type { ServedResource } from '../resources/served-resource';
import { groupNames, OBJECT_VERBS, versionsOf } from './groups';

export const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Whether a client prefers all of discovery in one answer, as kubectl does. */
export function wantsAggregated(accept: string): boolean {
  return accept.split(',').some((range) => {
    const parts = range.split(';').map((part) => part.trim());
    return parts[0] === 'application/json' && parts.includes('as=APIGroupDiscoveryList') && parts.includes('v=v2');
  });
}

/** Every resource of the core group, or of all named groups, in one document. */
export function aggregatedDiscovery(registry: ResourceRegistry, core: boolean): JsonObject {
  const items = (core ? [''] : groupNames(registry)).map((group) => ({
    metadata: { ...(group ? { name: group } : {}), creationTimestamp: null },
    versions: versionsOf(registry, group).map((version) => ({
      version,
      resources: registry.all().filter((r) => r.group === group && r.version === version).map(entryOf),
      freshness: 'Current',
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function entryOf(resource: ServedResource): JsonObject {
  const { group, version, kind, shortNames, categories } = resource;
  const responseKind = { group, version, kind };
  return {
    resource: resource.plural,
    responseKind,
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: OBJECT_VERBS,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(resource.subresources.size === 0 ? {} : {
      subresources: [...resource.subresources].map((subresource) => ({
        subresource,
        responseKind: subresource === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : responseKind,
        verbs: subresource === 'log' ? ['get'] : ['get', 'patch', 'update'],
      })),
    }),
  };
}
