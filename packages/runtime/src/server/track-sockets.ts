import type { Server, Socket } from 'node:net';

/** How long a client may take to agree on TLS; Node's own two minutes are longer than a server has to stop. */
export const HANDSHAKE_MS = 10_000;

/** The sockets of a server that are open. Those in the middle of a TLS handshake are in no list of Node's. */
export function trackSockets(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}
