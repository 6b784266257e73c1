import { seededCase } from '../support/fuzz';
import { until } from '../../../../test/support/until';
import { type FuzzClient, type FuzzTarget, type Fuzzer, Hang } from './fuzzer';

/** Cases between two correct requests. */
const CHECK_EVERY = 20;
/** Problems after which a protocol is given up. */
const MAX_PROBLEMS = 10;

export interface FuzzProblem {
  readonly kind: 'answer' | 'fault' | 'hang' | 'crash' | 'growth' | 'delay';
  /** The case that shows it, or the last one before it was seen. */
  readonly number: number;
  readonly text: string;
}

/** What one protocol's cases came to. */
export interface FuzzReport {
  readonly protocol: string;
  readonly seeds: number;
  cases: number;
  /** Number of cases by what they were answered. */
  readonly answers: Record<string, number>;
  refused: number;
  /** Cases after which the connection went on. */
  kept: number;
  readonly problems: FuzzProblem[];
}

export interface FuzzRun {
  readonly seed: number;
  /** @default 0 */
  readonly first?: number;
  /** Asked before each batch of cases. */
  readonly goesOn: (report: FuzzReport) => boolean | Promise<boolean>;
  /** @returns why the server cannot go on. */
  readonly ended?: () => string | undefined;
  /** How long the server may take to let connections go. @default 30_000 */
  readonly letGoMs?: number;
}

/** Sends cases until it is told to stop, with correct requests between them; at the end no connection may be left. */
export async function runFuzzer(fuzzer: Fuzzer, target: FuzzTarget, { seed, first = 0, goesOn, ended, letGoMs = 30_000 }: FuzzRun): Promise<FuzzReport> {
  const report: FuzzReport = { protocol: fuzzer.protocol, seeds: fuzzer.seeds, cases: 0, answers: {}, refused: 0, kept: 0, problems: [] };
  const { atOnce = 1 } = fuzzer;
  const before = await target.connections();
  let client = fuzzer.connect(target);
  let next = first;
  const look = async (number: number, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      report.problems.push({ kind: error instanceof Hang ? 'hang' : 'answer', number, text: (error as Error).message });
      return false;
    }
  };
  while (report.problems.length < MAX_PROBLEMS && (await goesOn(report))) {
    const numbers = Array.from({ length: atOnce }, () => next++);
    let good = (await Promise.all(numbers.map((number) => look(number, () => sendCase(client, fuzzer, seed, number, report))))).every(Boolean);
    if ((next - first) % CHECK_EVERY < atOnce) good = (await look(next - 1, () => client.works())) && good;
    const why = ended?.();
    if (why !== undefined) {
      report.problems.push({ kind: 'crash', number: numbers[0] as number, text: why });
      break;
    }
    if (good) continue;
    client.close();
    client = fuzzer.connect(target);
  }
  const up = ended?.() === undefined;
  if (up && report.cases > 0) await look(next - 1, () => client.works());
  client.close();
  if (up) await look(next - 1, () => assertLetGo(target, before, letGoMs));
  return report;
}

async function sendCase(client: FuzzClient, fuzzer: Fuzzer, seed: number, number: number, report: FuzzReport): Promise<void> {
  report.cases++;
  const { answer, kept, refused } = await client.send(seededCase(seed, fuzzer.protocol, number), number);
  report.answers[answer] = (report.answers[answer] ?? 0) + 1;
  if (kept) report.kept++;
  if (refused) report.refused++;
}

async function assertLetGo(target: FuzzTarget, before: number, withinMs: number): Promise<void> {
  let open = Number.POSITIVE_INFINITY;
  const count = (): void => void target.connections().then((now) => (open = now));
  await until('the end of all connections', () => (count(), open <= before), withinMs).catch(() => {
    throw new Hang(`${open - before} connections are open after their clients have left`);
  });
}
