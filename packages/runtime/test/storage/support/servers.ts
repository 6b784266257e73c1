import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

const servers: Server[] = [];
const connections: Duplex[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.destroy();
  await Promise.all(servers.splice(0).map((server) => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  }));
});

/** Listens on a free loopback port until the test is over; gives its origin. */
export async function listen(listener: RequestListener): Promise<string> {
  return listenWith((server) => void server.on('request', listener));
}

/** The same for a server that answers to more than requests, or with a certificate. */
export async function listenWith(prepare: (server: Server) => void, tls?: { readonly cert: string; readonly key: string }): Promise<string> {
  const server = tls ? createSecureServer(tls) : createServer();
  prepare(server);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A connection that a server no longer knows of. */
export function closedAfterTest<T extends Duplex>(connection: T): T {
  connections.push(connection);
  return connection;
}
