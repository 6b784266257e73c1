import type { RunningServer, ServerOptions } from '../../src/index';
import { createServedModel } from '../../src/server/served-model';
import { echoModel } from './echo-model';
import { fakeModel } from './fake-model';
import { serveRepository } from './served';

export interface FuzzedServer extends RunningServer {
  /** What it logged as its own fault. */
  readonly faults: readonly string[];
}

/** A server of a table model `sk` and an echo of tensors `echo`, with small limits, that remembers its own failures. @param idleSeconds of HTTP/2. */
export async function fuzzedServer(idleSeconds = 300, options: Partial<ServerOptions> = {}): Promise<FuzzedServer> {
  const faults: string[] = [];
  const echo = { ...echoModel((inputs) => inputs), infer: (inputs: Parameters<ReturnType<typeof echoModel>['infer']>[0]) => inputs };
  const table = fakeModel();
  // It would remember every row of a long run.
  const sk = { ...table, predict: (...input: Parameters<typeof table.predict>) => (table.asked.splice(0), table.predict(...input)) };
  const server = await serveRepository([createServedModel('sk', sk), createServedModel('echo', echo)], {
    maxRequestBytes: 64 * 1024, grpc: { maxReceiveBytes: 64 * 1024, idleSeconds }, log: { info: () => {}, warn: () => {}, error: (line) => faults.push(line) }, ...options,
  });
  return { ...server, faults };
}
