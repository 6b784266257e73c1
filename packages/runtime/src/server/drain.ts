import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Server as NetServer } from 'node:net';

/** How long an idle keep-alive connection may still send a request that is already on its way. */
const IDLE_LINGER_MS = 500;
/** Node re-checks idle connections this often while we wait for the busy ones. */
const SWEEP_MS = 50;

/** What one server listens with. */
export interface Ports {
  readonly http: HttpServer | HttpsServer;
  /** @default - gRPC has no port of its own */
  readonly grpc?: NetServer | undefined;
  /** Ends connections that wait for a request and that Node does not know of. */
  closeSilent(): void;
  /** Ends all connections, busy or not. */
  cut(): void;
}

/**
 * Stops a server without losing a request: no new connections, everything sent on open ones is answered (with
 * `connection: close`, which the listener sets), then idle ones are closed. What is still busy after `timeoutMs` is cut.
 * HTTP/2 has been told already to end by itself.
 *
 * @returns how many connections had to be cut.
 */
export async function drain(ports: Ports, timeoutMs: number): Promise<number> {
  try {
    return await drainConnections(ports, timeoutMs);
  } finally {
    // It is closed already; this ends the timer by which Node watches over slow requests.
    ports.http.close();
  }
}

async function drainConnections({ http, grpc, closeSilent, cut }: Ports, timeoutMs: number): Promise<number> {
  const deadline = performance.now() + timeoutMs;
  const servers = grpc ? [http, grpc] : [http];
  const closed = Promise.all(servers.map(lastConnection));
  if (await settles(closed, Math.min(IDLE_LINGER_MS, timeoutMs))) return 0;
  do {
    http.closeIdleConnections();
    closeSilent();
  } while (!(await settles(closed, SWEEP_MS)) && performance.now() < deadline);
  const counts = await Promise.all(servers.map(connectionsOf));
  cut();
  await closed;
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Not `server.close()`: since Node 19 that also closes idle connections at once, and a request that a client is just writing into one of them would be lost. */
function lastConnection(server: NetServer): Promise<void> {
  return new Promise((resolve) => NetServer.prototype.close.call(server, () => resolve()));
}

async function settles(promise: Promise<unknown>, withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), withinMs)));
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function connectionsOf(server: NetServer): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count ?? 0)));
}
