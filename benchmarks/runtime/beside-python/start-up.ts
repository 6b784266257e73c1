import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLoad } from '../../support/load';
import { median } from '../../support/median';
import { must } from '../../support/python-env';
import { firstAnswer } from './answers';
import { ONE_ROW, v2Request } from './requests';
import { type Contender, type RunningContender, echo, kserve, mlserver, ours, start } from './servers';

/** A start as it was measured: milliseconds, and MiB before and after load. */
interface StartUp {
  readonly ms: number;
  readonly idle: number;
  readonly loaded: number;
}

/** Prints the time to the first correct answer, and memory before and after load. */
export async function startUp(contenders: readonly Contender[], folder: string, rounds: number, seconds: number): Promise<void> {
  const starts = await inTurns(contenders, folder, rounds, async (server) => {
    const ms = await msToFirstAnswer(server);
    const idle = server.memory();
    await runLoad({ port: server.ports.http, request: v2Request(ONE_ROW), connections: 32, seconds });
    return { ms, idle, loaded: server.memory() } satisfies StartUp;
  });
  for (const [s, { name }] of contenders.entries()) {
    const beside = (unit: string, pick: (start: StartUp) => number): string => besideFirst(starts.map((all) => median(all.map(pick))), s, unit);
    console.log(`  ${name.padEnd(20)} first answer ${beside('ms', ({ ms }) => ms)}; memory idle ${beside('MiB', ({ idle }) => idle)}, after load ${beside('MiB', ({ loaded }) => loaded)}`);
  }
}

/**
 * The same start with what it reads not in the page cache, as on a node that has just pulled the image. Node is a copy of its own, for
 * pages that a running program maps (that of this one) stay.
 */
export async function startFromDisk(pythons: { readonly kserve: string; readonly mlserver: string }, folder: string, rounds: number): Promise<void> {
  const node = join(folder, 'node');
  copyFileSync(process.execPath, node);
  const contenders = [ours(node), kserve(pythons.kserve), mlserver(pythons.mlserver), echo(node)];
  const times = await inTurns(contenders, folder, rounds, msToFirstAnswer, ({ files }, model) => must(pythons.kserve, [join(__dirname, 'drop-page-cache.py'), ...files, model]));
  for (const [s, { name }] of contenders.entries()) console.log(`  ${name.padEnd(20)} first answer from disk ${besideFirst(times.map(median), s, 'ms')}`);
}

/** @returns what was measured of each contender. */
async function inTurns<Figure>(contenders: readonly Contender[], folder: string, rounds: number, measure: (server: RunningContender) => Promise<Figure>, before?: (contender: Contender, model: string) => void): Promise<Figure[][]> {
  const figures: Figure[][] = contenders.map(() => []);
  const model = join(folder, 'svc');
  for (let round = 0; round < rounds; round++) {
    for (const [s, contender] of contenders.entries()) {
      before?.(contender, model);
      const server = await start(contender, model, join(folder, `${contender.name}-${round}`));
      try {
        figures[s]?.push(await measure(server));
      } finally {
        await server.stop();
      }
    }
  }
  return figures;
}

async function msToFirstAnswer(server: RunningContender): Promise<number> {
  await firstAnswer(server);
  return performance.now() - server.spawnedAt;
}

function besideFirst(values: readonly number[], s: number, unit: string): string {
  const [first = 0] = values;
  const value = values[s] ?? 0;
  return `${value.toFixed(0)} ${unit}${s === 0 ? '' : ` (${(value / first).toFixed(1)} x ours)`}`;
}
