import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers every query of Prometheus's HTTP API with one number. */
export interface PlayedPrometheus {
  readonly url: string;
  value: number;
  /** Queries that were asked, each once. */
  readonly queries: ReadonlySet<string>;
  stop(): Promise<void>;
}

export function playPrometheus(): Promise<PlayedPrometheus> {
  const queries = new Set<string>();
  const played = { url: '', value: 0, queries, stop: (): Promise<void> => new Promise((resolve) => server.close(() => resolve())) };
  const server = createServer((request, response) => {
    queries.add(new URL(request.url ?? '/', 'http://prometheus').searchParams.get('query') ?? '');
    const result = [{ metric: {}, value: [Date.now() / 1000, String(played.value)] }];
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => {
    played.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    resolve(played);
  }));
}
