import type { KubeObject, StructuralSchema } from 'cdk8s-kserve/api';
import { ageColumn, nameColumn } from '../table/cells';
import type { Column } from '../table/column';
import { withMetadataSchema } from './metadata-schema';
import type { ServedResource, Subresource } from './served-resource';

/** A row of the tables of built-in resources; what it leaves out follows Kubernetes' habits. */
export interface Definition {
  /** `deployments`, from which the rest of the names follows with the kind. */
  readonly plural: string;
  readonly kind: string;
  readonly schema: StructuralSchema;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** @default true */
  readonly namespaced?: boolean;
  readonly subresources?: readonly Subresource[];
  /** @default false */
  readonly countsGeneration?: boolean;
  readonly selectableFields?: readonly string[];
  /** Between the name and the age. */
  readonly columns?: readonly Column[];
  readonly wideColumns?: readonly Column[];
  /** The whole table, where Kubernetes does not begin with the name and end with the age. @default - name, `columns`, age, `wideColumns` */
  readonly table?: readonly Column[];
  readonly applyBuiltInDefaults?: ServedResource['applyBuiltInDefaults'];
  readonly validate?: ServedResource['validate'];
  /** Kept as another apiVersion. @default - as itself */
  readonly storedAs?: { readonly apiVersion: string; readonly group: string; readonly fromStored: (stored: KubeObject) => KubeObject; readonly toStored: (object: KubeObject) => KubeObject };
  /** As if it came from a CRD. @default false */
  readonly custom?: boolean;
}

/** Turns rows into the resources of one version of a group. */
export function define(apiVersion: string, definitions: readonly Definition[]): readonly ServedResource[] {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return definitions.map((d): ServedResource => ({
    group, version,
    kind: d.kind,
    plural: d.plural,
    singular: d.kind.toLowerCase(),
    listKind: `${d.kind}List`,
    shortNames: d.shortNames ?? [],
    categories: d.categories ?? [],
    namespaced: d.namespaced ?? true,
    subresources: new Set(d.subresources ?? []),
    storageVersion: d.storedAs?.apiVersion ?? apiVersion,
    ...(d.storedAs ? { storageGroup: d.storedAs.group, fromStored: d.storedAs.fromStored, toStored: d.storedAs.toStored } : {}),
    custom: d.custom ?? false,
    countsGeneration: d.countsGeneration ?? false,
    schema: withMetadataSchema(d.schema),
    selectableFields: d.selectableFields ?? [],
    columns: d.table ?? [nameColumn(), ...(d.columns ?? []), ageColumn(), ...(d.wideColumns ?? [])],
    ...(d.applyBuiltInDefaults ? { applyBuiltInDefaults: d.applyBuiltInDefaults } : {}),
    ...(d.validate ? { validate: d.validate } : {}),
  }));
}
