import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { ControllerMetrics } from './controller-metrics';

export interface HealthOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly metrics: ControllerMetrics;
  /** Whether the process is worth keeping. */
  readonly alive: () => boolean;
  /** Undefined when work is being done or could be at once; otherwise what is waited for. */
  readonly waitsFor: () => string | undefined;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `/healthz` (kept alive?), `/readyz` (at work, or standing by?) and `/metrics`.
 *
 * @throws IsvcError ISVC_CLI_USAGE when it cannot listen there.
 */
export async function serveHealth({ host, port, metrics, alive, waitsFor }: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const reply = (status: number, body: string, type = 'text/plain; charset=utf-8'): void => void response.writeHead(status, { 'content-type': type }).end(body);
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      reply(405, 'use GET\n');
    } else if (path === '/healthz') {
      reply(alive() ? 200 : 500, alive() ? 'ok\n' : 'no progress\n');
    } else if (path === '/readyz') {
      const waiting = waitsFor();
      reply(waiting === undefined ? 200 : 503, `${waiting ?? 'ok'}\n`);
    } else if (path === '/metrics') {
      metrics.text().then((text) => reply(200, text, metrics.registry.contentType), () => reply(500, 'metrics cannot be collected\n'));
    } else {
      reply(404, 'there are /healthz, /readyz and /metrics\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new IsvcError('ISVC_CLI_USAGE', `cannot listen on ${host}:${port}: ${messageOf(error)}`, { path: '--listen', hint: 'name another address', cause: error })));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
