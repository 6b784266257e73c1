import { isJsonObject, type JsonObject, type KubeObject, type StructuralSchema } from 'cdk8s-kserve/api';
import { arrayAt, objectAt, stringAt, valueAt } from '../json';
import { ageColumn, jsonPathColumn, nameColumn } from '../table/cells';
import type { Column } from '../table/column';
import { withMetadataSchema } from './metadata-schema';
import type { ScalePaths, ServedResource, Subresource } from './served-resource';

/** The resources that a CustomResourceDefinition makes the server serve: one for each served version. */
export function resourcesOfCrd(crd: KubeObject): readonly ServedResource[] {
  const spec = objectAt(crd, 'spec') ?? {};
  const versions = arrayAt(spec, 'versions').filter(isJsonObject);
  const storage = versions.find((version) => version['storage'] === true) ?? versions[0];
  return versions.filter((version) => version['served'] === true).map((version) => resourceOf(spec, version, stringAt(storage, 'name') ?? ''));
}

function resourceOf(spec: JsonObject, version: JsonObject, storageVersion: string): ServedResource {
  const names = objectAt(spec, 'names') ?? {};
  const group = stringAt(spec, 'group') ?? '';
  const kind = stringAt(names, 'kind') ?? '';
  const scale = objectAt(version, 'subresources', 'scale');
  const subresources = new Set<Subresource>([...(objectAt(version, 'subresources', 'status') ? ['status' as const] : []), ...(scale ? ['scale' as const] : [])]);
  return {
    group, kind,
    version: stringAt(version, 'name') ?? '',
    plural: stringAt(names, 'plural') ?? '',
    singular: stringAt(names, 'singular') ?? kind.toLowerCase(),
    listKind: stringAt(names, 'listKind') ?? `${kind}List`,
    shortNames: arrayAt(names, 'shortNames').map(String),
    categories: arrayAt(names, 'categories').map(String),
    namespaced: spec['scope'] === 'Namespaced',
    subresources,
    ...(scale ? { scale: scale as unknown as ScalePaths } : {}),
    storageVersion: `${group}/${storageVersion}`,
    custom: true,
    countsGeneration: true,
    schema: withMetadataSchema(schemaOf(spec, version)),
    selectableFields: arrayAt(version, 'selectableFields').flatMap((field) => stringAt(field, 'jsonPath')?.replace(/^\./, '') ?? []),
    columns: columnsOf(version),
  };
}

function schemaOf(spec: JsonObject, version: JsonObject): StructuralSchema {
  const schema = valueAt(version, 'schema', 'openAPIV3Schema');
  const base: StructuralSchema = isJsonObject(schema) ? schema : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return spec['preserveUnknownFields'] === true ? { ...base, 'x-kubernetes-preserve-unknown-fields': true } : base;
}

function columnsOf(version: JsonObject): readonly Column[] {
  const printed = arrayAt(version, 'additionalPrinterColumns').filter(isJsonObject);
  return printed.length === 0 ? [nameColumn(), ageColumn()] : [nameColumn(), ...printed.map(jsonPathColumn)];
}
