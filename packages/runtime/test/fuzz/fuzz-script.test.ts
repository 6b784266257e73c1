import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '../../../../test/support/until';
import type { MeasuredReport } from './fuzz-all';
import { summaryOf } from './fuzz-summary';

const ROOT = join(__dirname, '../../../..');

function fuzz(...args: readonly string[]): { readonly stdout: () => string; readonly stderr: () => string; readonly exit: Promise<unknown>; interrupt(): void } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/fuzz.ts', ...args], { cwd: ROOT });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return { stdout: () => stdout, stderr: () => stderr, exit: once(child, 'close').then(([code, signal]: unknown[]) => code ?? signal), interrupt: () => void child.kill('SIGINT') };
}

test('the command sends one case again and says what came of it as JSON', async () => {
  const run = fuzz('--only', 'grpc', '--seed', '7', '--case', '11', '--json');
  expect(await run.exit).toBe(0);
  const { seed, reports } = JSON.parse(run.stdout()) as { readonly seed: number; readonly reports: readonly MeasuredReport[] };
  expect({ seed, reports }).toMatchObject({ seed: 7, reports: [{ protocol: 'grpc', cases: 1, kept: 1, problems: [] }] });
  expect(reports[0]?.worstDelayMs).toBeGreaterThan(0);
});

test('Ctrl-C ends it with what was done so far', async () => {
  const run = fuzz('--only', 'v1,grpc', '--minutes', '60');
  await until('the start', () => run.stderr().includes('Ctrl-C'));
  run.interrupt();
  expect(await run.exit).toBe(130);
  expect(run.stdout()).toMatch(/cases of seed \d+ in \d+ s: 0 problems\.\n$/);
});

test.each([
  [['--only', 'v3'], /--only must name protocols, got 'v3'; there are v1, /],
  [['--case', '3'], /--case needs --only with one protocol/],
  [['--minutes', 'x'], /--minutes must be a number >= 0, got 'x'/],
])('%s is refused with what is allowed', async (args, message) => {
  const run = fuzz(...args);
  expect(await run.exit).toBe(2);
  expect(run.stderr()).toMatch(message);
});

test('the summary counts problems by their kind and says how each is seen again', () => {
  const state = (rssBytes: number): { rssBytes: number; heapBytes: number; worstDelayMs: number; faults: readonly string[] } => ({ rssBytes, heapBytes: 0, worstDelayMs: 0, faults: [] });
  const report: MeasuredReport = {
    protocol: 'v1', seeds: 4, cases: 30, answers: { 200: 3, 400: 26 }, refused: 26, kept: 29, seconds: 1.2, worstDelayMs: 4.2, memory: { before: state(100 * 2 ** 20), after: state(300 * 2 ** 20) },
    problems: [{ kind: 'answer', number: 3, text: '500' }, { kind: 'hang', number: 5, text: 'no answer' }, { kind: 'growth', number: 29, text: 'more' }],
  };
  const lines = summaryOf([report], 9).split('\n');
  expect(lines[2]).toBe('| v1 | 4 | 30 | 400: 26, 200: 3 | 29 | 1 | 0 | 1 | 100 → 300 | 5 |');
  expect(lines).toEqual(expect.arrayContaining(['30 cases of seed 9 in 1 s: 3 problems.', 'v1, hang: no answer', '    npm run fuzz -- --only v1 --seed 9 --case 5']));
});
