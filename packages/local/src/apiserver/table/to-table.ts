import { isJsonObject, type JsonObject, type KubeObject } from 'cdk8s-kserve/api';
import type { ServedResource } from '../resources/served-resource';

/** What the rows of a table carry besides their cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Objects as the `meta.k8s.io/v1` Table that kubectl prints. */
export function toTable(resource: ServedResource, objects: readonly KubeObject[], options: { readonly include: IncludeObject; readonly now: Date; readonly metadata?: unknown; readonly withColumns?: boolean }): JsonObject {
  const definitions = resource.columns.map(({ name, type, format, description, priority }) => ({ name, type, format: format ?? '', description: description ?? '', priority: priority ?? 0 }));
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata ?? {},
    columnDefinitions: options.withColumns === false ? null : definitions,
    rows: objects.map((object) => ({
      cells: resource.columns.map((column) => column.cell(object, options.now) ?? null),
      ...included(object, options.include),
    })),
  };
}

export function toPartialMetadata(object: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

/** A list body as PartialObjectMetadataList. */
export function toPartialMetadataList(list: JsonObject): JsonObject {
  const items = Array.isArray(list['items']) ? list['items'].filter(isJsonObject) : [];
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: list['metadata'], items: items.map((item) => toPartialMetadata(item as KubeObject)) };
}

function included(object: KubeObject, include: IncludeObject): JsonObject {
  if (include === 'None') return {};
  return { object: include === 'Object' ? object : toPartialMetadata(object) };
}
