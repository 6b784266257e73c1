import type { ServerResponse } from 'node:http';
import type { JsonObject } from 'cdk8s-kserve/api';
import { stringify as stringifyYaml } from 'yaml';
import type { StatusError } from '../status-error';

export interface Answer {
  readonly code: number;
  readonly body: JsonObject;
  /** Texts for the `Warning` headers, which kubectl prints. */
  readonly warnings?: readonly string[];
  /** @default - JSON or YAML, as the client accepts it */
  readonly contentType?: string;
}

export function respond(response: ServerResponse, answer: Answer, accept: string): void {
  for (const warning of answer.warnings ?? []) response.appendHeader('warning', `299 - ${JSON.stringify(warning)}`);
  if (answer.contentType === undefined && accept.startsWith('application/yaml')) return send(response, answer.code, stringifyYaml(answer.body), 'application/yaml');
  send(response, answer.code, `${JSON.stringify(answer.body)}\n`, answer.contentType ?? 'application/json');
}

export function respondError(response: ServerResponse, error: StatusError): void {
  const { retryAfterSeconds } = error.details;
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  send(response, error.code, `${JSON.stringify(error.toStatus())}\n`, 'application/json');
}

export function respondBytes(response: ServerResponse, body: Buffer, contentType: string): void {
  send(response, 200, body, contentType);
}

export function respondText(response: ServerResponse, code: number, text: string): void {
  send(response, code, text, 'text/plain; charset=utf-8');
}

function send(response: ServerResponse, code: number, content: string | Buffer, contentType: string): void {
  const body = Buffer.from(content as string);
  response.writeHead(code, { 'content-type': contentType, 'content-length': body.length, 'cache-control': 'no-cache, private' });
  response.end(body);
}
