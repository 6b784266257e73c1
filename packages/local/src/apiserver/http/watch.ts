import type { ServerResponse } from 'node:http';
import type { JsonObject, KubeObject } from 'cdk8s-kserve/api';
import { apiVersionOf, type ServedResource } from '../resources/served-resource';
import { inVersion } from '../resources/stored-form';
import { badRequest, expired, resourceVersionTooLarge, type StatusError } from '../status-error';
import { type ObjectStore, storageKeyOf } from '../storage/object-store';
import type { StoreEvent } from '../storage/watch-history';
import { tooOld } from './list';
import { count, flag, resourceVersionOf, viewOf } from './query';

/** Bytes that may wait for a slow client before its watch is dropped; it then lists anew, as with the real server. */
const BACKLOG_LIMIT = 16 * 1024 * 1024;
const BOOKMARK_INTERVAL_MS = 60_000;
/** Without a timeout of the client's, the real server ends a watch after 30 to 60 minutes. */
const DEFAULT_TIMEOUT_SECONDS = 3600;

export interface WatchRequest {
  readonly resource: ServedResource;
  readonly query: URLSearchParams;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** Turns an object into what the client asked to see: itself, a table row, its metadata. */
  readonly present: (object: KubeObject, isFirst: boolean) => JsonObject;
}

/**
 * Streams the changes of a resource until the client or the server goes away.
 * @throws StatusError before the stream has begun
 */
export function streamWatch(store: ObjectStore, response: ServerResponse, request: WatchRequest): void {
  const { resource, query } = request;
  const inView = viewOf(resource, query, request.namespace, request.name);
  const key = storageKeyOf(resource);
  const bookmarks = flag(query, 'allowWatchBookmarks');
  const start = startOf(store, query);
  let first = true;

  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  const write = (type: string, object: unknown): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
    if (response.writableLength > BACKLOG_LIMIT) response.destroy();
  };
  const send = (type: string, object: KubeObject): void => {
    write(type, request.present(inVersion(resource, object), first));
    first = false;
  };
  const bookmark = (annotations?: Readonly<Record<string, string>>): void => write('BOOKMARK', {
    kind: resource.kind, apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion: String(store.resourceVersion), creationTimestamp: null, ...(annotations ? { annotations } : {}) },
  });
  const deliver = (event: StoreEvent): void => {
    if (event.key !== key) return;
    const seen = typeInView(event, inView);
    if (seen) send(seen, seen === 'DELETED' && event.previous ? stamped(event.previous, event.resourceVersion) : event.object);
  };

  // The history is read before subscribing, in one turn of the event loop: nothing falls between the two.
  const missed = start.from === undefined ? [] : store.history.after(key, start.from);
  if (!missed) {
    write('ERROR', expired(tooOld(start.from ?? 0, store)).toStatus());
    response.end();
    return;
  }
  if (start.sendInitial) for (const object of store.list(key, request.namespace)) if (inView(object)) send('ADDED', object);
  if (start.markInitialEnd) bookmark({ 'k8s.io/initial-events-end': 'true' });
  for (const event of missed) deliver(event);

  const unsubscribe = store.subscribe(deliver);
  const ticker = setInterval(() => { if (bookmarks) bookmark(); }, BOOKMARK_INTERVAL_MS).unref();
  const seconds = count(query, 'timeoutSeconds') || DEFAULT_TIMEOUT_SECONDS;
  const timeout = setTimeout(() => {
    if (bookmarks) bookmark();
    response.end();
  }, Math.min(seconds * 1000, 2 ** 31 - 1)).unref();
  response.on('close', () => {
    unsubscribe();
    clearInterval(ticker);
    clearTimeout(timeout);
  });
  // A client that resets its connection is not an event worth an exception.
  response.on('error', () => response.destroy());
}

interface Start {
  /** Replay the history after this version; undefined for changes from now on. */
  readonly from: number | undefined;
  readonly sendInitial: boolean;
  readonly markInitialEnd: boolean;
}

function startOf(store: ObjectStore, query: URLSearchParams): Start {
  const asked = resourceVersionOf(query);
  if (asked !== undefined && asked > store.resourceVersion) throw resourceVersionTooLarge(asked, store.resourceVersion);
  const match = query.get('resourceVersionMatch') ?? '';
  if (query.has('sendInitialEvents')) {
    if (match !== 'NotOlderThan') throw badInitialEvents('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    if (!flag(query, 'sendInitialEvents')) return { from: asked || undefined, sendInitial: false, markInitialEnd: false };
    return { from: undefined, sendInitial: true, markInitialEnd: flag(query, 'allowWatchBookmarks') };
  }
  if (match !== '') throw badInitialEvents('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  // Unset and 0 both mean: what there is now, then its changes.
  return asked ? { from: asked, sendInitial: false, markInitialEnd: false } : { from: undefined, sendInitial: true, markInitialEnd: false };
}

function badInitialEvents(message: string): StatusError {
  return badRequest(`ListOptions.meta.k8s.io "" is invalid: ${message}`);
}

/** How a write looks to somebody who sees only part of the objects. */
function typeInView(event: StoreEvent, inView: (object: KubeObject) => boolean): StoreEvent['type'] | undefined {
  const before = event.previous !== undefined && inView(event.previous);
  if (event.type === 'DELETED') return before ? 'DELETED' : undefined;
  const now = inView(event.object);
  if (now) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
}

/** A deletion shows the last state the client could see, under the version of the write that took it away. */
function stamped(object: KubeObject, resourceVersion: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(resourceVersion) } };
}
