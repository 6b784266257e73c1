import type { IncomingMessage } from 'node:http';

const EMPTY = Buffer.alloc(0);

/**
 * Collects a request body. Most bodies arrive in one chunk, which is handed on without a copy, and before Node has put the request
 * away, so that the answer is on its way meanwhile.
 *
 * @param done gets the body, or `undefined` when it grew past `limit` bytes; then the rest is still arriving. It is not
 * called for a client that went away.
 */
export function readBody(request: IncomingMessage, limit: number, done: (body: Buffer | undefined) => void): void {
  const length = Number(request.headers['content-length']);
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let size = 0;
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (!first) first = chunk;
    else (more ??= [first]).push(chunk);
    if (size > limit) finish(undefined);
    else if (size === length) onEnd();
  };
  const onEnd = (): void => finish(more ? Buffer.concat(more, size) : (first ?? EMPTY));
  const finish = (body: Buffer | undefined): void => {
    request.off('data', onData).off('end', onEnd);
    done(body);
  };
  request.on('data', onData).on('end', onEnd);
}
