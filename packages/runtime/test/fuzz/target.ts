import { type RunningServer, type ServerOptions, startServer } from '../../src/index';
import { ModelRepository } from '../../src/model/model-repository';
import { createServedModel } from '../../src/server/served-model';
import { echoModel } from '../support/echo-model';
import { fakeModel } from '../support/fake-model';
import type { FuzzTarget } from './fuzzer';

export interface LocalTarget extends FuzzTarget, RunningServer {
  /** What it logged as its own fault. */
  readonly faults: readonly string[];
}

/** A server of a table model `sk` and an echo of tensors `echo` in this process, with small limits, that remembers its own failures. */
export async function startTarget(idleSeconds = 300, options: Partial<ServerOptions> = {}): Promise<LocalTarget> {
  const faults: string[] = [];
  const echo = { ...echoModel((inputs) => inputs), infer: (inputs: Parameters<ReturnType<typeof echoModel>['infer']>[0]) => inputs };
  const table = fakeModel();
  // It would remember every row of a long run.
  const sk = { ...table, predict: (...input: Parameters<typeof table.predict>) => (table.asked.splice(0), table.predict(...input)) };
  const server = await startServer({
    modelName: 'sk', repository: ModelRepository.of([createServedModel('sk', sk), createServedModel('echo', echo)]), shutdownTimeoutSeconds: 30,
    maxRequestBytes: 64 * 1024, grpc: { maxReceiveBytes: 64 * 1024, idleSeconds }, log: { info: () => {}, warn: () => {}, error: (line) => faults.push(line) }, ...options,
  });
  return { ...server, faults, connections: () => Promise.resolve(openSockets()) };
}

/** Sockets of this process. */
export function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}
