import type { KubeObject, StructuralSchema } from 'cdk8s-kserve/api';
import type { FieldError } from '../field-error';
import type { MutableJson } from '../json';
import type { Column } from '../table/column';

export type Subresource = 'status' | 'scale' | 'log';

/** Where the scale subresource of a kind keeps its figures, as JSON paths (`.spec.replicas`). */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** One version of one resource, as the server serves it; built-in or from a CRD. */
export interface ServedResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: ReadonlySet<Subresource>;
  readonly scale?: ScalePaths;
  /** The apiVersion that objects are kept in. */
  readonly storageVersion: string;
  /** The group that objects are kept under, where it is not `group`. */
  readonly storageGroup?: string;
  /** Conversions between this version and the stored one, where they differ in more than their name. */
  readonly fromStored?: (stored: KubeObject) => KubeObject;
  readonly toStored?: (object: KubeObject) => KubeObject;
  /** Custom resources are stricter than built-in ones: an update must name the resourceVersion it was read at. */
  readonly custom: boolean;
  /** What `metadata.generation` counts: changes outside metadata and status, or nothing. */
  readonly countsGeneration: boolean;
  /** Field types, defaults and which lists merge by key. Where a part has no type, anything may stand there. */
  readonly schema: StructuralSchema;
  /** Built-in defaulting that no schema can express; changes the object in place. */
  readonly applyBuiltInDefaults?: (object: MutableJson, old: KubeObject | undefined) => void;
  readonly validate?: (object: KubeObject, old: KubeObject | undefined) => readonly FieldError[];
  /** Field selectors besides metadata.name and metadata.namespace, as dotted paths. */
  readonly selectableFields: readonly string[];
  readonly columns: readonly Column[];
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(resource: Pick<ServedResource, 'group' | 'version'>): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}

/** `deployments.apps`, or `pods` for the core group: how error messages name a resource. */
export function qualifiedName(resource: Pick<ServedResource, 'group' | 'plural'>): string {
  return resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
}
