import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** What a client of HTTP/2 sends first; no request of HTTP/1 begins like this. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** As long as Node gives a client of HTTP/1 for its headers. */
const PATIENCE_MS = 60_000;

/** Connections that have not said yet what they speak. */
export interface UndecidedConnections {
  close(): void;
}

/**
 * Lets a server of HTTP/1 take HTTP/2 on the same port: TLS clients have said it by ALPN, others say it by their first
 * bytes. It costs a connection one read, and requests nothing.
 */
export function splitConnections(server: HttpServer | HttpsServer, secure: boolean, http2: (socket: Socket) => void): UndecidedConnections {
  const event = secure ? 'secureConnection' : 'connection';
  const [listener] = server.listeners(event);
  const http1 = (socket: Socket): void => listener?.call(server, socket);
  server.removeAllListeners(event);
  const undecided = new Set<Socket>();
  server.on(event, (socket: Socket | TLSSocket) => {
    if (!secure) return sniff(socket, undecided, http1, http2);
    if ((socket as TLSSocket).alpnProtocol === 'h2') http2(socket);
    else http1(socket);
  });
  return { close: () => undecided.forEach((socket) => socket.destroy()) };
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
