import { readFileSync } from 'node:fs';
import { type LoadResult, jsonPost, runLoad } from '../support/load';
import { type Program, startRuntime } from '../support/program';
import { IRIS_SVC, V1, V2, assertAnswers } from './iris-requests';

const ROUNDS = 16;
const SECONDS = 0.5;
const CASES = [['V1 predict', V1, 32], ['V2 infer', V2, 32], ['V1 predict', V1, 1], ['V2 infer', V2, 1]] as const;

interface Round extends LoadResult {
  /** Processor time of the server's thread, microseconds a request. */
  readonly processor: number;
}

/**
 * What does the fast path save of `node:http`, in processor time of the server and in requests a second? Quarter fastest of the rounds: what else
 * a busy machine does makes both slower, and never faster. Linux only.
 */
export async function run(): Promise<void> {
  const servers = await Promise.all([startRuntime(IRIS_SVC), startRuntime(IRIS_SVC, ['--http_fast_path=false'])]);
  try {
    for (const { port } of servers) await assertAnswers(port);
    console.log('one row of the iris SVC, the server with its fast path and without, in turn');
    for (const [name, { path, body }, connections] of CASES) {
      const request = jsonPost(path, body);
      const fast: Round[] = [];
      const plain: Round[] = [];
      // The first round warms the compilers up.
      for (let i = 0; i <= ROUNDS; i++) {
        const [first, second] = [await measure(servers[0], request, connections), await measure(servers[1], request, connections)];
        if (i === 0) continue;
        fast.push(first);
        plain.push(second);
      }
      const [used, usedWithout] = [fast, plain].map((rounds) => quarterOf(rounds.map((round) => round.processor))) as [number, number];
      const [rate, rateWithout] = [fast, plain].map((rounds) => -quarterOf(rounds.map((round) => -round.perSecond))) as [number, number];
      console.log(`  ${name}, ${String(connections).padStart(2)} connections: ${used.toFixed(1)} us of the server, ${usedWithout.toFixed(1)} without = ${(usedWithout / used).toFixed(2)} x; ${rate.toFixed(0)} requests/s, ${rateWithout.toFixed(0)} without = ${(rate / rateWithout).toFixed(2)} x`);
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function measure({ port, pid }: Program, request: Buffer, connections: number): Promise<Round> {
  const before = processorMicroseconds(pid);
  const result = await runLoad({ port, request, connections, seconds: SECONDS });
  return { ...result, processor: (processorMicroseconds(pid) - before) / result.requests };
}

/** The value that a quarter of the values are below. */
function quarterOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 2] ?? 0;
}

/** Of the main thread since its start. */
function processorMicroseconds(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
}
