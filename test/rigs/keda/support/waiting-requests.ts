import { createServer } from 'node:http';
import { listen } from './listen';
import type { TargetGroup } from './prometheus';

/** What a gateway knows while there is no instance: how many requests wait for one. Prometheus scrapes it. */
export interface WaitingRequests {
  readonly target: TargetGroup;
  count: number;
  stop(): Promise<void>;
}

export async function countWaitingRequests(): Promise<WaitingRequests> {
  const server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(`# TYPE requests_waiting gauge\nrequests_waiting ${waiting.count}\n`));
  const url = await listen(server);
  const waiting = {
    target: { targets: [new URL(url).host] },
    count: 0,
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return waiting;
}
