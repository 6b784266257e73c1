import type { JsonObject } from 'cdk8s-kserve/api';
import type { ResourceRegistry } from '../resources/resource-registry';
import { apiVersionOf, type ServedResource } from '../resources/served-resource';
import { AGGREGATED_TYPE, aggregatedDiscovery, wantsAggregated } from './aggregated';
import type { Discovered } from './discovered';
import { groupNames, OBJECT_VERBS, versionsOf } from './groups';
import { openApiV2 } from './open-api-v2';
import { openApiRoot, openApiV3 } from './open-api';

/** Speaks as the release whose behaviour is followed. */
const VERSION = { major: '1', minor: '36' };

/** Answers the paths that tell what the server serves; undefined for any other path. */
export function discoveryAnswer(path: string, accept: string, registry: ResourceRegistry): Discovered | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const [root, group, version] = parts;
  if (path === '/version') return { body: versionInfo() };
  if (parts.length === 0) return { body: { paths: ['/api', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'] } };
  if (path === '/openapi/v2') return openApiV2(accept);
  if (root === 'openapi' && group === 'v3') return parts.length === 2 ? { body: openApiRoot(registry) } : openApiV3(registry, parts.slice(2).join('/'));
  if ((root === 'api' || root === 'apis') && parts.length === 1) {
    if (wantsAggregated(accept)) return { body: aggregatedDiscovery(registry, root === 'api'), contentType: AGGREGATED_TYPE };
    return { body: root === 'api' ? coreVersions() : groupList(registry) };
  }
  if (root === 'api' && parts.length === 2 && group !== undefined) return resourceList(registry, '', group);
  if (root === 'apis' && parts.length === 2 && group !== undefined) return groupAnswer(registry, group);
  if (root === 'apis' && parts.length === 3 && group !== undefined && version !== undefined) return resourceList(registry, group, version);
  return undefined;
}

function versionInfo(): JsonObject {
  return {
    ...VERSION, gitVersion: `v${VERSION.major}.${VERSION.minor}.0`, gitCommit: '', gitTreeState: 'clean', buildDate: '1970-01-01T00:00:00Z',
    goVersion: '', compiler: 'cdk8s-kserve', platform: `${process.platform}/${process.arch}`,
  };
}

function coreVersions(): JsonObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

function groupList(registry: ResourceRegistry): JsonObject {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupNames(registry).map((name) => groupOf(registry, name)) };
}

function groupAnswer(registry: ResourceRegistry, name: string): Discovered | undefined {
  return groupNames(registry).includes(name) ? { body: { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(registry, name) } } : undefined;
}

function groupOf(registry: ResourceRegistry, name: string): JsonObject {
  const versions = versionsOf(registry, name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function resourceList(registry: ResourceRegistry, group: string, version: string): Discovered | undefined {
  const resources = registry.all().filter((r) => r.group === group && r.version === version);
  const [first] = resources;
  if (!first) return undefined;
  return { body: { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf(first), resources: resources.flatMap(entriesOf) } };
}

function entriesOf(resource: ServedResource): JsonObject[] {
  const { plural, singular, namespaced, kind, shortNames, categories } = resource;
  return [
    {
      name: plural, singularName: singular, namespaced, kind, verbs: OBJECT_VERBS,
      ...(shortNames.length > 0 ? { shortNames } : {}), ...(categories.length > 0 ? { categories } : {}),
    },
    ...[...resource.subresources].map((subresource) => ({
      name: `${plural}/${subresource}`, singularName: '', namespaced,
      ...(subresource === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { kind }),
      verbs: subresource === 'log' ? ['get'] : ['get', 'patch', 'update'],
    })),
  ];
}
