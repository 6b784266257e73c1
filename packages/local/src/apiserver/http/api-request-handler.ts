import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from 'cdk8s-kserve/api';
import type { Clock } from '../clock';
import { discoveryAnswer } from '../discovery/discovery';
import type { ResourceRegistry } from '../resources/resource-registry';
import { internalError, methodNotAllowed, notFound, StatusError } from '../status-error';
import type { ObjectWriter } from '../write/object-writer';
import { mediaTypeOf, readBody } from './body';
import { handleObjects } from './object-handler';
import { isWayIn, type PodAccess } from './pod-access';
import { streamPodLog } from './pod-log';
import { includeObjectOf, negotiateView, presentBody, presentEvent } from './presentation';
import { flag } from './query';
import { parseResourcePath, type ResourcePath } from './request-path';
import { respond, respondBytes, respondError, respondText } from './respond';
import { selfReview } from './self-review';
import { streamWatch } from './watch';

export interface ApiRequestHandlerOptions {
  readonly registry: ResourceRegistry;
  readonly writer: ObjectWriter;
  readonly token: string;
  readonly clock: Clock;
}

/** Takes every request in: who asks, what for, and which part of the server answers. Never throws. */
export class ApiRequestHandler {
  private readonly options: ApiRequestHandlerOptions;
  private readonly authorization: Buffer;
  private podAccess: PodAccess | undefined;

  constructor(options: ApiRequestHandlerOptions) {
    this.options = options;
    this.authorization = Buffer.from(`Bearer ${options.token}`);
  }

  setPodAccess(access: PodAccess): void {
    this.podAccess = access;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.route(request, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      respondError(response, error instanceof StatusError ? error : internalError(messageOf(error)));
      // What is left of a refused upload must not be taken for the next request.
      if (!request.complete) response.once('finish', () => request.destroy());
    }
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = parseUrl(request.url ?? '/');
    if (!url) throw new StatusError(400, 'BadRequest', 'the request path cannot be parsed');
    if (['/healthz', '/livez', '/readyz'].includes(url.pathname)) return respondText(response, 200, 'ok');
    if (url.pathname !== '/version' && !this.isAuthorized(request)) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
    const accept = request.headers.accept ?? '';
    const discovered = discoveryAnswer(url.pathname, accept, this.options.registry);
    if (discovered) {
      if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
      const { body, contentType } = discovered;
      if (Buffer.isBuffer(body)) return respondBytes(response, body, contentType ?? 'application/octet-stream');
      return respond(response, { code: 200, body, ...(contentType ? { contentType } : {}) }, accept);
    }
    const review = selfReview(url.pathname);
    if (review) {
      if (request.method !== 'POST') throw methodNotAllowed();
      await readBody(request);
      return respond(response, { code: 201, body: review }, accept);
    }
    const path = parseResourcePath(url.pathname, this.options.registry);
    if (!path) return respondText(response, 404, '404 page not found\n');
    await this.answerResource(request, response, path, url.searchParams, accept);
  }

  private async answerResource(request: IncomingMessage, response: ServerResponse, path: ResourcePath, query: URLSearchParams, accept: string): Promise<void> {
    const { writer, clock } = this.options;
    const { resource, namespace, name } = path;
    const method = request.method ?? 'GET';
    const view = negotiateView(accept);
    if (method === 'GET' && path.subresource === 'log' && resource.subresources.has('log')) {
      return streamPodLog(this.podAccess?.logs, writer.read(resource, name ?? '', namespace), query, response);
    }
    if (isWayIn(resource, path.subresource)) {
      const pod = writer.read(resource, name ?? '', namespace);
      throw new StatusError(501, 'NotImplemented', this.podAccess?.whyNoWayIn(pod, path.subresource) ?? 'nothing runs pods here');
    }
    if (method === 'GET' && (path.watch || flag(query, 'watch'))) {
      if (path.subresource !== undefined) throw notFound(resource, name ?? '');
      return streamWatch(writer.store, response, {
        resource, query, namespace, name,
        present: (object, isFirst) => presentEvent(resource, object, view, includeObjectOf(query), clock.now(), isFirst),
      });
    }
    const body = method === 'GET' ? Buffer.alloc(0) : await readBody(request);
    const answer = handleObjects(writer, {
      method, resource, namespace, name, subresource: path.subresource, query, body,
      mediaType: mediaTypeOf(request.headers['content-type']), userAgent: request.headers['user-agent'] ?? '',
    });
    respond(response, { ...answer, body: presentBody(resource, answer.body, view, includeObjectOf(query), clock.now()) }, accept);
  }

  private isAuthorized(request: IncomingMessage): boolean {
    const given = Buffer.from(request.headers.authorization ?? '');
    return given.length === this.authorization.length && timingSafeEqual(given, this.authorization);
  }
}

function parseUrl(target: string): URL | undefined {
  try {
    return new URL(target, 'http://127.0.0.1');
  } catch {
    return undefined;
  }
}
