import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { resourcePath, withQuery, type PathTarget } from './api-path';
import type { KubeConnection } from './connection';
import { Discovery } from './discovery';
import { isNotFound, KubeApiError } from './kube-api-error';
import type { ApiResource, ApplyOptions, DeleteOptions, KubeApi, ListOptions, ListResult, WatchEvent, WatchOptions } from './kube-api';
import { Transport } from './transport';
import { watchEvents } from './watch-stream';

const APPLY_PATCH = 'application/apply-patch+yaml'; // JSON is YAML.
const MERGE_PATCH = 'application/merge-patch+json';
/** Each page is in memory as text and as objects, of several kinds at once. */
const PAGE_SIZE = 250;

export interface HttpKubeApiOptions {
  /** A request without an answer after this long counts as unreachable. @default 30000 */
  readonly requestTimeoutMs?: number;
  /** The server is asked to end a watch after this long; spread by up to half so that watches do not end together. @default 300000 */
  readonly watchTimeoutMs?: number;
  /** A watch without a byte for this long counts as dead. @default 150000 */
  readonly watchIdleMs?: number;
}

/** Speaks to any API server over HTTP: JSON only, keep-alive, no generated client. */
export class HttpKubeApi implements KubeApi {
  private readonly transport: Transport;
  private readonly discovery: Discovery;
  private readonly watchTimeoutMs: number;
  private readonly watchIdleMs: number;

  constructor(connection: KubeConnection, options: HttpKubeApiOptions = {}) {
    this.transport = new Transport(connection, { timeoutMs: options.requestTimeoutMs ?? 30_000 });
    this.discovery = new Discovery(this.transport);
    this.watchTimeoutMs = options.watchTimeoutMs ?? 300_000;
    this.watchIdleMs = options.watchIdleMs ?? 150_000;
  }

  discover(apiVersion: string, kind: string, options: { readonly refresh?: boolean } = {}): Promise<ApiResource | undefined> {
    return this.discovery.find(apiVersion, kind, options.refresh);
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    const resource = await this.discover(ref.apiVersion, ref.kind);
    if (!resource) {
      return undefined;
    }
    const found = await unlessAbsent(this.transport.json({ method: 'GET', path: resourcePath(resource, ref) }));
    return found as KubeObject | undefined;
  }

  async list(resource: ApiResource, options: ListOptions = {}): Promise<ListResult> {
    const { keep = (object: KubeObject): KubeObject => object } = options;
    const items: KubeObject[] = [];
    let page: ListBody;
    let next: string | undefined;
    do {
      page = (await this.transport.json({
        method: 'GET',
        path: withQuery(resourcePath(resource, { namespace: options.namespace }), {
          labelSelector: options.labelSelector,
          fieldSelector: options.fieldSelector,
          limit: PAGE_SIZE,
          continue: next,
        }),
      })) as ListBody;
      for (const item of page.items ?? []) {
        // The items of a built-in kind's list come without their type.
        items.push(keep({ ...item, apiVersion: resource.apiVersion, kind: resource.kind }));
      }
      next = page.metadata?.continue || undefined;
    } while (next);
    return { items, resourceVersion: page.metadata?.resourceVersion ?? '' };
  }

  async *watch(resource: ApiResource, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    if (options.signal.aborted) {
      return;
    }
    const timeoutMs = this.watchTimeoutMs * (1 + Math.random() / 2);
    const path = withQuery(resourcePath(resource, { namespace: options.namespace }), {
      watch: true,
      resourceVersion: options.resourceVersion,
      allowWatchBookmarks: true,
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
      timeoutSeconds: Math.ceil(timeoutMs / 1000),
    });
    let response;
    try {
      response = await this.transport.stream({ method: 'GET', path, signal: options.signal });
    } catch (error) {
      if (options.signal.aborted) {
        return;
      }
      throw error;
    }
    yield* watchEvents(response, { request: `GET ${path}`, signal: options.signal, idleMs: this.watchIdleMs });
  }

  async create(object: KubeObject): Promise<KubeObject> {
    const { namespace } = object.metadata;
    const resource = await this.served(object);
    return (await this.transport.json({ method: 'POST', path: resourcePath(resource, { namespace }), body: object })) as KubeObject;
  }

  async replace(object: KubeObject): Promise<KubeObject> {
    const path = await this.pathOf(object);
    return (await this.transport.json({ method: 'PUT', path, body: object })) as KubeObject;
  }

  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    return this.applyTo(object, options, undefined);
  }

  applyStatus(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    return this.applyTo(object, options, 'status');
  }

  async replaceStatus(object: KubeObject): Promise<KubeObject> {
    const path = await this.pathOf(object, 'status');
    return (await this.transport.json({ method: 'PUT', path, body: object })) as KubeObject;
  }

  async mergePatch(ref: ObjectRef, patch: object): Promise<KubeObject> {
    const resource = await this.served({ ...ref, metadata: ref });
    return (await this.transport.json({
      method: 'PATCH',
      path: resourcePath(resource, ref),
      body: patch,
      contentType: MERGE_PATCH,
    })) as KubeObject;
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<boolean> {
    const resource = await this.discover(ref.apiVersion, ref.kind);
    if (!resource) {
      return false;
    }
    const answer = await unlessAbsent(
      this.transport.json({
        method: 'DELETE',
        path: resourcePath(resource, ref),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: options.propagationPolicy ?? 'Background',
          ...(options.uid ? { preconditions: { uid: options.uid } } : {}),
          ...(options.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
        },
      }),
    );
    return answer !== undefined;
  }

  close(): void {
    this.transport.close();
  }

  private async applyTo(object: KubeObject, options: ApplyOptions, subresource: PathTarget['subresource']): Promise<KubeObject> {
    const path = withQuery(await this.pathOf(object, subresource), {
      fieldManager: options.fieldManager,
      force: options.force ? true : undefined,
    });
    return (await this.transport.json({ method: 'PATCH', path, body: object, contentType: APPLY_PATCH })) as KubeObject;
  }

  private async pathOf(object: KubeObject, subresource?: PathTarget['subresource']): Promise<string> {
    const { name, namespace } = object.metadata;
    return resourcePath(await this.served(object), { namespace, name, subresource });
  }

  /** The resource a write goes to. A kind we did not know may have been installed since: asked again before giving up. */
  private async served(object: KubeObject): Promise<ApiResource> {
    const { apiVersion, kind, metadata } = object;
    const found = (await this.discover(apiVersion, kind)) ?? (await this.discover(apiVersion, kind, { refresh: true }));
    if (!found) {
      throw new KubeApiError({
        request: `${apiVersion} ${kind} ${metadata.name}`,
        statusCode: 404,
        reason: 'NotFound',
        message: `the API server does not serve ${kind} in ${apiVersion}`,
      });
    }
    return found;
  }
}

interface ListBody {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubeObject[];
}

async function unlessAbsent(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
