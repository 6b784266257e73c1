import type { Reply } from './protocol';

/** @param body JSON text. */
export function jsonReply(status: number, body: string): Reply {
  return { status, contentType: 'application/json', body };
}

/** The one error body of V1 and V2: `{"error": "..."}`. */
export function errorReply(status: number, message: string): Reply {
  return jsonReply(status, JSON.stringify({ error: message }));
}
