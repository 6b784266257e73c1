import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { messageOf } from 'cdk8s-kserve/api';
import { decodeProtobuf, PROTOBUF_TYPE } from '../protobuf/decode';
import { badRequest, StatusError, unsupportedMediaType } from '../status-error';

/** The limit of the real server, in bytes. */
const BODY_LIMIT = 3 * 1024 * 1024;

/** @throws StatusError 413 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT) throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${BODY_LIMIT}`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

export function mediaTypeOf(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/**
 * Parses a body by its media type; a body without one is JSON.
 * @throws StatusError 400 when it cannot be parsed, 415 for a type that cannot be read
 */
export function parseBody(body: Buffer, mediaType: string): unknown {
  if (mediaType === PROTOBUF_TYPE) return decodeProtobuf(body);
  if (mediaType !== '' && !/(^|[/+])(json|yaml)$/.test(mediaType)) throw unsupportedMediaType(['application/json', 'application/yaml']);
  const text = body.toString('utf8');
  if (text.trim() === '') throw badRequest('unable to parse the request body: it is empty');
  const value = mediaType.endsWith('yaml') ? parseYamlBody(text) : parseJsonBody(text);
  // `__proto__` as a field name is never meant well, and merging code must not have to think of it.
  return text.includes('__proto__') ? withoutProto(value) : value;
}

function parseJsonBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${messageOf(error)}`);
  }
}

function parseYamlBody(text: string): unknown {
  try {
    // A bounded number of aliases keeps a small document from unfolding into a huge one; the copy shares no nodes.
    return JSON.parse(JSON.stringify(parseYaml(text, { maxAliasCount: 100 }) ?? null));
  } catch (error) {
    throw badRequest(`error decoding YAML: ${messageOf(error).split('\n')[0] ?? ''}`);
  }
}

function withoutProto(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProto);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '__proto__').map(([name, child]) => [name, withoutProto(child)]));
}
