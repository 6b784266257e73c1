import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Server as NetServer } from 'node:net';

/** How long an idle keep-alive connection may still send a request that is already on its way. */
const IDLE_LINGER_MS = 500;
/** Node re-checks idle connections this often while we wait for the busy ones. */
const SWEEP_MS = 50;

/**
 * Stops a server without losing a request: no new connections, everything sent on open ones is answered (with
 * `connection: close`, which the listener sets), then idle ones are closed. What is still busy after `timeoutMs` is cut.
 *
 * @returns how many connections had to be cut.
 */
export async function drain(server: HttpServer | HttpsServer, timeoutMs: number): Promise<number> {
  try {
    return await drainConnections(server, timeoutMs);
  } finally {
    // It is closed already; this ends the timer by which Node watches over slow requests.
    server.close();
  }
}

async function drainConnections(server: HttpServer | HttpsServer, timeoutMs: number): Promise<number> {
  const deadline = performance.now() + timeoutMs;
  const closed = new Promise<void>((resolve) => {
    // Not `server.close()`: since Node 19 that also closes idle connections at once, and a request that a client is just
    // writing into one of them would be lost.
    NetServer.prototype.close.call(server, () => resolve());
  });
  if (await settles(closed, Math.min(IDLE_LINGER_MS, timeoutMs))) return 0;
  do server.closeIdleConnections();
  while (!(await settles(closed, SWEEP_MS)) && performance.now() < deadline);
  const cut = await connectionsOf(server);
  server.closeAllConnections();
  await closed;
  return cut;
}

async function settles(promise: Promise<void>, withinMs: number): Promise<boolean> {
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
