import type { Socket } from 'node:net';
import type { HttpListener } from './http-exchange';
import { type WholeRequest, readWholeRequest } from './whole-request';
import { WholeResponse } from './whole-response';

/** Connections of HTTP/1 until something comes that is not plain. */
export interface FastPath {
  /** Takes a connection of which nothing has been read. */
  accept(socket: Socket): void;
  /** Ends connections on which nothing is asked. */
  closeIdle(): void;
}

export interface FastPathOptions {
  readonly answer: HttpListener<WholeRequest, WholeResponse>;
  /** Node's own way with a connection. */
  readonly node: (socket: Socket) => void;
  /** As long as a connection may stay silent before its first request. */
  readonly patienceMs: number;
  /** As long as it may stay silent after each; 0 is for ever. */
  readonly keepAliveMs: number;
  readonly maxBodyBytes: number;
}

/**
 * Answers requests that arrive whole and are of the plainest form without the objects that `node:http` makes for each. The first bytes
 * that are anything else go to Node with their connection, for good: parts of requests and all that may last or be read in
 * two ways have one parser and one set of time limits.
 */
export function createFastPath(options: FastPathOptions): FastPath {
  const open = new Set<FastConnection>();
  return {
    accept(socket) {
      const connection = converse(socket, options, () => open.delete(connection));
      open.add(connection);
    },
    closeIdle: () => open.forEach((connection) => connection.closeIdle()),
  };
}

interface FastConnection {
  closeIdle(): void;
}

function converse(socket: Socket, { answer, node, patienceMs, keepAliveMs, maxBodyBytes }: FastPathOptions, forget: () => void): FastConnection {
  const keepAlive = `Connection: keep-alive\r\n${keepAliveMs > 0 ? `Keep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n` : ''}`;
  let running: WholeResponse | undefined;
  let asked = false;
  let held = false;

  const onData = (chunk: Buffer): void => {
    // A client that does not wait for its answer, or does not take it, is Node's to slow down.
    const request = running || socket.writableLength > 0 ? undefined : readWholeRequest(chunk, socket, maxBodyBytes);
    if (!request) return hold(chunk);
    if (!asked) socket.setTimeout(keepAliveMs);
    asked = true;
    running = new WholeResponse(request, keepAlive, onDone);
    answer(request, running);
  };
  const onDone = (last: boolean): void => {
    running = undefined;
    if (last) socket.off('data', onData).destroySoon();
    else if (held) leave();
  };
  /** Keeps for Node what is not plain, until what runs is answered: answers come in order. */
  const hold = (chunk: Buffer): void => {
    held = true;
    socket.off('data', onData).pause();
    socket.unshift(chunk);
    if (!running) leave();
  };
  const leave = (): void => {
    forget();
    socket.setTimeout(0).off('timeout', closeIdle).off('end', onEnd).off('close', onClose).off('error', onError);
    node(socket);
    socket.resume();
  };
  const closeIdle = (): void => {
    if (!running && socket.writableLength === 0) socket.destroy();
  };
  const onEnd = (): void => void socket.end();
  const onClose = (): void => {
    forget();
    running?.close();
  };
  // What follows an error is the close.
  const onError = (): void => {};

  socket.setTimeout(patienceMs).on('timeout', closeIdle).on('data', onData).on('end', onEnd).on('close', onClose).on('error', onError);
  return { closeIdle };
}
