import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Ports of this machine that stand for names inside the cluster, one each. Pods here are processes that cannot resolve such
 * names; what comes in at a door is taken for a request to its name, whatever the client calls it.
 */
export class Doors {
  private readonly handle: RequestListener;
  private readonly servers = new Map<string, Promise<Server>>();

  constructor(handle: RequestListener) {
    this.handle = handle;
  }

  /** `127.0.0.1:PORT` for a name, the same each time. */
  async to(name: string): Promise<string> {
    const server = this.servers.get(name) ?? this.open(name);
    this.servers.set(name, server);
    return `127.0.0.1:${((await server).address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers.values()].map(async (opened) => {
      const server = await opened;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }));
  }

  private open(name: string): Promise<Server> {
    return new Promise((resolve, reject) => {
      const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request, response) => {
        request.headers.host = name;
        this.handle(request, response);
      });
      server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
    });
  }
}
