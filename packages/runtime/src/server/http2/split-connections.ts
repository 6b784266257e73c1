import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** What a client of HTTP/2 sends first; no request of HTTP/1 begins like this. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** As long as Node gives a client of HTTP/1 for its headers. */
export const PATIENCE_MS = 60_000;

/** Gives each connection to the HTTP that it speaks. */
export interface SplitConnections {
  accept(socket: Socket): void;
  /** Ends connections that have not said yet what they speak. */
  closeUndecided(): void;
}

/**
 * Takes HTTP/1 and HTTP/2 on the same port: TLS clients have said which by ALPN, others say it by their first
 * bytes. It costs a connection one read, and requests nothing.
 */
export function splitConnections(secure: boolean, http1: (socket: Socket) => void, http2: (socket: Socket) => void): SplitConnections {
  const undecided = new Set<Socket>();
  return {
    accept(socket) {
      if (!secure) sniff(socket, undecided, http1, http2);
      else if ((socket as TLSSocket).alpnProtocol === 'h2') http2(socket);
      else http1(socket);
    },
    closeUndecided: () => undecided.forEach((socket) => socket.destroy()),
  };
}

function sniff(socket: Socket, undecided: Set<Socket>, http1: (socket: Socket) => void, http2: (socket: Socket) => void): void {
  let seen: Buffer | undefined;
  const leave = (): void => void socket.destroy();
  const timer = setTimeout(leave, PATIENCE_MS);
  const forget = (): void => {
    clearTimeout(timer);
    undecided.delete(socket);
  };
  const onData = (chunk: Buffer): void => {
    seen = seen ? Buffer.concat([seen, chunk]) : chunk;
    const isPreface = PREFACE.compare(seen, 0, Math.min(seen.length, PREFACE.length), 0, Math.min(seen.length, PREFACE.length)) === 0;
    if (isPreface && seen.length < PREFACE.length) return;
    forget();
    socket.off('data', onData).off('end', leave).off('close', forget).off('error', leave);
    socket.pause();
    socket.unshift(seen);
    // A session of HTTP/2 takes what is there by itself; HTTP/1 waits for it to flow.
    if (isPreface) return http2(socket);
    http1(socket);
    socket.resume();
  };
  undecided.add(socket);
  socket.on('data', onData).on('end', leave).on('close', forget).on('error', leave);
}
