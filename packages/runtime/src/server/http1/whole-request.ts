import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpRequest } from './http-exchange';

/** A POST that has arrived with its body. */
export interface WholeRequest extends HttpRequest {
  readonly socket: Socket;
  readonly body: Buffer;
}

/** Larger heads are rare, and Node has a limit and an answer for them. */
const MAX_HEAD_BYTES = 4096;
const HEAD_END = Buffer.from('\r\n\r\n');
const REQUEST_LINE = /^POST (\/[A-Za-z0-9._~:/-]*) HTTP\/1\.1\r\n/;
/** One space at most before the value and none behind it: nobody can read that in another way. */
const FIELD = /([A-Za-z0-9-]+): ?([!-~](?:[ -~]*[!-~])?)\r\n/y;
const LENGTH = /^(?:0|[1-9]\d{0,9})$/;
/** What changes how a message is framed or a connection goes on, and what Node joins in a way of its own. */
const LEFT_TO_NODE: ReadonlySet<string> = new Set(['transfer-encoding', 'expect', 'upgrade', 'http2-settings', 'proxy-connection', 'te', 'trailer', 'set-cookie']);

/**
 * Reads bytes that are exactly one request of the plainest form. It accepts less than Node's parser does, and never what that
 * would read in another way: in doubt it says no, and Node decides.
 *
 * @param maxBodyBytes longer bodies are not read here.
 * @returns `undefined` for everything else: a part of a request, more than one, another method, anything unusual.
 */
export function readWholeRequest(bytes: Buffer, socket: Socket, maxBodyBytes: number): WholeRequest | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0 || end > MAX_HEAD_BYTES) return undefined;
  const head = bytes.toString('latin1', 0, end + 2);
  const line = REQUEST_LINE.exec(head);
  const headers = line && readHeaders(head, line[0].length);
  if (!headers || headers.host === undefined) return undefined;
  const length = headers['content-length'];
  if (length === undefined || !LENGTH.test(length) || Number(length) > maxBodyBytes) return undefined;
  const start = end + HEAD_END.length;
  if (bytes.length - start !== Number(length)) return undefined;
  return { method: 'POST', url: line[1], headers, httpVersionMajor: 1, socket, body: bytes.subarray(start) };
}

function readHeaders(head: string, from: number): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = {};
  FIELD.lastIndex = from;
  for (let at = from; at < head.length; at = FIELD.lastIndex) {
    const field = FIELD.exec(head);
    if (!field) return undefined;
    const name = (field[1] as string).toLowerCase();
    const value = field[2] as string;
    // A name that comes twice Node joins, or drops.
    if (headers[name] !== undefined || LEFT_TO_NODE.has(name)) return undefined;
    if (name === 'connection' && value.toLowerCase() !== 'keep-alive') return undefined;
    headers[name] = value;
  }
  return headers;
}
