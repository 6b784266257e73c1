import type { IncomingMessage } from 'node:http';

const EMPTY = Buffer.alloc(0);

/**
 * Collects a request body. Most bodies arrive in one chunk, which is handed on without a copy.
 *
 * @param done gets the body, or `undefined` when it grew past `limit` bytes; then the rest is still arriving. It is not
 * called for a client that went away.
 */
export function readBody(request: IncomingMessage, limit: number, done: (body: Buffer | undefined) => void): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let size = 0;
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > limit) {
      request.off('data', onData).off('end', onEnd);
      done(undefined);
    } else if (!first) first = chunk;
    else (more ??= [first]).push(chunk);
  };
  const onEnd = (): void => done(more ? Buffer.concat(more, size) : (first ?? EMPTY));
  request.on('data', onData).on('end', onEnd);
}
