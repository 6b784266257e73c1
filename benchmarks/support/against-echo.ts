import { type Load, type LoadResult, runLoad } from './load';
import { median } from './median';
import { startProgram } from './program';

const ROUNDS = 3;

export interface EchoCase {
  readonly name: string;
  readonly port: number;
  readonly request: Buffer;
}

/** How a set of cases is loaded. */
export type LoadShape = Pick<Load, 'connections' | 'seconds'>;

/**
 * Prints the rate of each case beside that of a bare `node:http` JSON echo, which is measured with `echoRequest`. All are
 * measured in turn and rounds are compared one by one, so that other load on the machine meets all of them.
 */
export async function printAgainstEcho(echoRequest: Buffer, cases: readonly EchoCase[], shape: LoadShape): Promise<void> {
  const echo = await startProgram(['benchmarks/support/echo-server.cjs']);
  try {
    const all = [{ name: 'bare echo', port: echo.port, request: echoRequest }, ...cases];
    // The first round warms the compilers up.
    await measure(all, { ...shape, seconds: 1 });
    const rounds: LoadResult[][] = [];
    for (let i = 0; i < ROUNDS; i++) rounds.push(await measure(all, shape));
    all.forEach(({ name }, c) => console.log(`  ${name.padEnd(10)} ${figures(rounds, c)}`));
  } finally {
    await echo.stop();
  }
}

async function measure(cases: readonly EchoCase[], shape: LoadShape): Promise<LoadResult[]> {
  const results: LoadResult[] = [];
  for (const { port, request } of cases) results.push(await runLoad({ port, request, ...shape }));
  return results;
}

function figures(rounds: readonly (readonly LoadResult[])[], c: number): string {
  const of = (pick: (result: LoadResult) => number): number => median(rounds.map((round) => pick(round[c] as LoadResult)));
  const ratio = median(rounds.map((round) => (round[c] as LoadResult).perSecond / (round[0] as LoadResult).perSecond));
  const rate = of((r) => r.perSecond).toFixed(0).padStart(6);
  return `${rate} requests/s  p50 ${of((r) => r.p50).toFixed(2)} ms  p99 ${of((r) => r.p99).toFixed(2)} ms  ${ratio.toFixed(2)} of the echo`;
}
