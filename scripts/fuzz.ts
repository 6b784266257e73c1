/**
 * Sends hostile input of every protocol to the model server and prints what came of it; ends with 1 where there was a problem.
 *
 *     npm run fuzz -- [--minutes 1] [--seed N] [--only PROTOCOL[,PROTOCOL]] [--case N] [--json]
 */
import { parseArgs } from 'node:util';
import { fuzzAll, type MeasuredReport } from '../packages/runtime/test/fuzz/fuzz-all';
import { summaryOf } from '../packages/runtime/test/fuzz/fuzz-summary';
import type { Fuzzer } from '../packages/runtime/test/fuzz/fuzzer';
import { FUZZERS } from '../packages/runtime/test/fuzz/fuzzers';

const INTERRUPTED = 130;
const USAGE = `usage: npm run fuzz -- [--minutes 1] [--seed N] [--only ${FUZZERS.map(({ protocol }) => protocol).join(',')}] [--case N] [--json]`;
/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 200;

interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly fuzzers: readonly Fuzzer[];
  readonly only?: number;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  let interrupts = 0;
  process.on('SIGINT', () => {
    if (++interrupts > 1) process.exit(INTERRUPTED);
  });
  process.stderr.write(`seed ${options.seed}, ${options.fuzzers.length} protocols, ${options.seconds} s; Ctrl-C ends it with a summary\n`);
  const reports: MeasuredReport[] = [];
  let shown = 0;
  const progress = ({ protocol, cases }: { readonly protocol: string; readonly cases: number }, done: number): void => {
    if (!process.stderr.isTTY || performance.now() - shown < PROGRESS_MS) return;
    shown = performance.now();
    process.stderr.write(`\r\x1b[K${protocol}: ${cases} cases, ${Math.floor(done * 100)} %`);
  };
  for await (const report of fuzzAll({ ...options, stopped: () => interrupts > 0, progress })) {
    reports.push(report);
    process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${report.protocol}: ${report.cases} cases, ${report.problems.length} problems\n`);
  }
  process.stdout.write(`${options.json ? JSON.stringify({ seed: options.seed, node: process.version, reports }, null, 2) : summaryOf(reports, options.seed)}\n`);
  if (reports.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
  else if (interrupts > 0) process.exitCode = INTERRUPTED;
}

/** Ends the process where they make no sense. */
function optionsOf(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({ args: [...args], options: { minutes: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, case: { type: 'string' }, json: { type: 'boolean', default: false } } });
    const fuzzers = values.only === undefined ? FUZZERS : values.only.split(',').map(fuzzerOf);
    const only = values.case === undefined ? undefined : numberOf('--case', values.case);
    if (only !== undefined && fuzzers.length !== 1) throw new Error('--case needs --only with one protocol');
    return { seconds: numberOf('--minutes', values.minutes ?? '1') * 60, seed: numberOf('--seed', values.seed ?? String(Date.now() % 2 ** 31)), fuzzers, json: values.json, ...(only === undefined ? {} : { only }) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exit(2);
  }
}

function fuzzerOf(name: string): Fuzzer {
  const found = FUZZERS.find(({ protocol }) => protocol === name);
  if (!found) throw new Error(`--only must name protocols, got '${name}'; there are ${FUZZERS.map(({ protocol }) => protocol).join(', ')}`);
  return found;
}

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || value < 0) throw new Error(`${flag} must be a number >= 0, got '${text}'`);
  return value;
}

void main();
