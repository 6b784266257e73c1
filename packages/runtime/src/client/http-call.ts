import * as http from 'node:http';
import * as https from 'node:https';
import { messageOf } from 'cdk8s-kserve/api';
import { InferenceError } from './inference-error';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  readonly agent: http.Agent;
  readonly signal: AbortSignal;
}

/** No connection was made, so the server has seen nothing. */
export const CONNECT_FAILURES: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** @param ca PEM certificates to trust. */
export function createAgent(url: URL, ca: string | Buffer | undefined): http.Agent {
  return url.protocol === 'https:' ? new https.Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) }) : new http.Agent({ keepAlive: true });
}

/**
 * One exchange.
 *
 * @throws InferenceError ISVC_CLIENT_UNAVAILABLE without an answer; whatever aborted `signal` is thrown by the caller.
 */
export function callHttp({ method, url, headers, body, agent, signal }: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? https.request : http.request;
    const request = send(url, { method, agent, signal, headers: { ...headers, ...(body ? { 'content-length': String(body.length) } : {}) } });
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
      response.once('error', (error) => reject(unreachable(error, url, false)));
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      // A kept connection that the server closed just as it was used again: nothing has been answered on it.
      const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(unreachable(error, url, stale || CONNECT_FAILURES.includes(error.code ?? '')));
    });
    request.end(body);
  });
}

function unreachable(error: unknown, url: URL, safeToRetry: boolean): InferenceError {
  return new InferenceError('ISVC_CLIENT_UNAVAILABLE', `no answer from ${url.origin}: ${messageOf(error)}`, {
    safeToRetry, cause: error, hint: 'check the address and that the service is ready',
  });
}
