import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const MAX_LENGTH = 128;
const CLEAN = /^[\x21-\x7e]{1,128}$/;

/**
 * Gives every request an `x-request-id`: the client's, or a fresh one. It is written back into the headers, so that the
 * model, the log and the next service all see the same.
 *
 * @returns the id. Clients choose it and it goes into logs and headers, so line breaks and terminal codes become `?`.
 */
export function ensureRequestId(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && CLEAN.test(given)) return given;
  const id = typeof given === 'string' && given !== '' ? given.slice(0, MAX_LENGTH).replace(/[^\x21-\x7e]/g, '?') : randomUUID();
  headers['x-request-id'] = id;
  return id;
}
