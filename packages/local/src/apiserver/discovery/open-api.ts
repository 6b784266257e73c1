import type { JsonObject } from 'cdk8s-kserve/api';
import type { ResourceRegistry } from '../resources/resource-registry';
import { apiVersionOf, type ServedResource } from '../resources/served-resource';
import type { Discovered } from './discovered';
import { publishedResource, SHARED_SCHEMAS } from './published-schema';

/** The index of OpenAPI v3: one document for each group and version. */
export function openApiRoot(registry: ResourceRegistry): JsonObject {
  const paths = new Map(registry.all().map((resource) => {
    const path = pathOf(resource);
    return [path, { serverRelativeURL: `/openapi/v3/${path}` }];
  }));
  return { paths: Object.fromEntries(paths) };
}

/**
 * The document of one group and version, with what kubectl looks for in it: that writes take
 * `fieldValidation`, and the schemas that `kubectl explain` prints.
 */
export function openApiV3(registry: ResourceRegistry, path: string): Discovered | undefined {
  const resources = registry.all().filter((resource) => pathOf(resource) === path);
  if (resources.length === 0) return undefined;
  return {
    body: {
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version: 'v1.36.0' },
      paths: Object.fromEntries(resources.map((resource) => [collectionPath(resource), pathItem(resource)])),
      components: { schemas: { ...Object.fromEntries(resources.map((resource) => [schemaName(resource), { ...publishedResource(resource.schema), 'x-kubernetes-group-version-kind': [kindOf(resource)] }])), ...SHARED_SCHEMAS } },
    },
  };
}

function pathOf(resource: ServedResource): string {
  return resource.group ? `apis/${apiVersionOf(resource)}` : `api/${resource.version}`;
}

function collectionPath(resource: ServedResource): string {
  return `/${pathOf(resource)}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.plural}/{name}`;
}

function pathItem(resource: ServedResource): JsonObject {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({ name, in: 'query', schema: { type: name === 'force' ? 'boolean' : 'string' } }));
  const operation = (action: string): JsonObject => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kindOf(resource),
    parameters,
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName(resource)}` } } } } },
  });
  return { get: operation('get'), put: operation('put'), patch: operation('patch'), delete: operation('delete') };
}

function schemaName(resource: ServedResource): string {
  const group = resource.group === '' ? 'io.k8s.api.core' : resource.group.split('.').reverse().join('.');
  return `${group}.${resource.version}.${resource.kind}`;
}

function kindOf(resource: ServedResource): JsonObject {
  return { group: resource.group, version: resource.version, kind: resource.kind };
}
