import type { Reply } from './protocol';

/** @param body JSON text. */
export function jsonReply(status: number, body: string): Reply {
  return { status, contentType: 'application/json', body };
}

/** The reply of a text that may come later, without a turn of the event loop where it is there. */
export function jsonReplyOf(text: string | Promise<string>): Reply | Promise<Reply> {
  return typeof text === 'string' ? jsonReply(200, text) : text.then((body) => jsonReply(200, body));
}

/** The one error body of V1 and V2: `{"error": "..."}`. */
export function errorReply(status: number, message: string): Reply {
  return jsonReply(status, JSON.stringify({ error: message }));
}
