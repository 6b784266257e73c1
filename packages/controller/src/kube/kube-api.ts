import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';

/** A served resource, as discovery reports it. */
export interface ApiResource {
  /** `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface ListOptions {
  /** Only this namespace. @default - all namespaces */
  readonly namespace?: string;
  readonly labelSelector?: string;
  /** e.g. `metadata.name=config`; a server may know few fields. */
  readonly fieldSelector?: string;
  /** Makes the objects of a list smaller as they arrive, so that they are never all whole in memory. An implementation may leave it out. @default - they stay as they are */
  readonly keep?: (object: KubeObject) => KubeObject;
}

export interface ListResult {
  readonly items: readonly KubeObject[];
  /** Where a watch that misses nothing continues. */
  readonly resourceVersion: string;
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface WatchOptions extends ListOptions {
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take over fields that other managers own. @default false */
  readonly force?: boolean;
}

export interface DeleteOptions {
  /** @default 'Background' */
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  /** Delete only if the live object has this uid. */
  readonly uid?: string;
  /** Time for an orderly end; 0 removes the object at once. @default - the kind's own */
  readonly gracePeriodSeconds?: number;
}

/**
 * All that the controller and local mode know about an API server. One implementation speaks HTTP to any API
 * server, real or embedded; nothing above this interface imports a Kubernetes client.
 *
 * Every method throws `KubeApiError` when the server refuses and `IsvcError` `ISVC_KUBE_UNREACHABLE` when it does not
 * answer. `get` and `delete` of an absent object are not errors.
 */
export interface KubeApi {
  /** The resource that serves a kind, or undefined when the cluster lacks it. Cached; `refresh` asks again. */
  discover(apiVersion: string, kind: string, options?: { readonly refresh?: boolean }): Promise<ApiResource | undefined>;
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  list(resource: ApiResource, options?: ListOptions): Promise<ListResult>;
  /** Ends when the server closes the stream or the signal aborts; throws `KubeApiError` 410 when the version is too old. */
  watch(resource: ApiResource, options: WatchOptions): AsyncIterable<WatchEvent>;
  create(object: KubeObject): Promise<KubeObject>;
  /** Full update; the object carries the resourceVersion it was read at. */
  replace(object: KubeObject): Promise<KubeObject>;
  /** Server-side apply. */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** Server-side apply to the status subresource. */
  applyStatus(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** Full update of the status subresource; with a resourceVersion a concurrent change is a 409. */
  replaceStatus(object: KubeObject): Promise<KubeObject>;
  /** JSON merge patch. */
  mergePatch(ref: ObjectRef, patch: object): Promise<KubeObject>;
  /** @returns false when the object was not there. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<boolean>;
  close(): void;
}
