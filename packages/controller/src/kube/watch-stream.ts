import type { IncomingMessage } from 'node:http';
import { IsvcError, messageOf, type KubeObject } from 'cdk8s-kserve/api';
import { LineSplitter } from './json-lines';
import { KubeApiError } from './kube-api-error';
import type { WatchEvent } from './kube-api';

export interface WatchStreamOptions {
  /** The request line, for errors. */
  readonly request: string;
  /** Ends the stream without an error. */
  readonly signal: AbortSignal;
  /** Silence for this long ends the stream as if the server had closed it. */
  readonly idleMs: number;
}

/**
 * The events of one watch response. Ends when the server closes, the signal aborts or the line stays silent for too
 * long; throws `KubeApiError` on an `ERROR` event and `IsvcError` when the connection breaks.
 */
export async function* watchEvents(response: IncomingMessage, options: WatchStreamOptions): AsyncGenerator<WatchEvent, void, undefined> {
  const splitter = new LineSplitter();
  let silent = false;
  // An API server sends a bookmark about once a minute. Longer silence means the peer is gone though TCP has not
  // noticed, which happens behind load balancers; the caller continues from the last version it saw.
  const idle = setTimeout(() => {
    silent = true;
    response.destroy();
  }, options.idleMs);
  const onAbort = (): void => void response.destroy();
  options.signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const chunk of response) {
      idle.refresh();
      for (const line of splitter.push(chunk as Buffer)) {
        if (options.signal.aborted) {
          return;
        }
        yield parseEvent(options.request, line);
      }
    }
  } catch (error) {
    if (error instanceof IsvcError) {
      throw error;
    }
    if (!silent && !options.signal.aborted) {
      throw new IsvcError('ISVC_KUBE_UNREACHABLE', `the watch broke: ${messageOf(error)}`, { path: options.request, cause: error });
    }
  } finally {
    clearTimeout(idle);
    options.signal.removeEventListener('abort', onAbort);
    response.destroy();
  }
}

function parseEvent(request: string, line: string): WatchEvent {
  let event: { readonly type?: unknown; readonly object?: unknown };
  try {
    event = JSON.parse(line) as typeof event;
  } catch (cause) {
    throw new IsvcError('ISVC_KUBE_UNREACHABLE', `the watch sent a line that is not JSON: ${line.slice(0, 80)}`, { path: request, cause });
  }
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: event.object as KubeObject };
    case 'BOOKMARK':
      return { type: 'BOOKMARK', resourceVersion: (event.object as KubeObject).metadata.resourceVersion ?? '' };
    case 'ERROR':
      throw KubeApiError.fromStatus(request, event.object);
    default:
      throw new IsvcError('ISVC_KUBE_UNREACHABLE', `the watch sent an event of unknown type ${JSON.stringify(event.type)}`, { path: request });
  }
}
