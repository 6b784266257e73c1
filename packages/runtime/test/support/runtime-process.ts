import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { RUNTIME_BIN } from '../../src/runtime-bin';
import { tempFolder } from './temp-folder';
import { until } from '../../../../test/support/until';

export const IRIS_SVC = join(__dirname, '..', 'fixtures', 'sklearn', 'svc-rbf.joblib');

export interface RuntimeProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** File where it leaves its termination message. */
  readonly terminationFile: string;
  /** The exit code, or the name of the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>;
}

/** With what tells its end. */
const running = new Map<ChildProcess, Promise<unknown>>();

afterEach(async () => {
  for (const child of running.keys()) child.kill('SIGKILL');
  await Promise.all(running.values());
});

/**
 * Runs the built `isvc-runtime`; what a test leaves running is killed after it.
 *
 * @param through a command that runs the command after it, such as `unshare`.
 */
export function runRuntime(args: readonly string[], env: Readonly<Record<string, string>> = {}, through: readonly string[] = []): RuntimeProcess {
  const terminationFile = join(tempFolder(), 'termination-log');
  const inherited = { ...process.env };
  // In a cluster the drain delay has another default.
  delete inherited['KUBERNETES_SERVICE_HOST'];
  const [command = process.execPath, ...argv] = [...through, process.execPath, RUNTIME_BIN, ...args];
  const child = spawn(command, argv, { env: { ...inherited, TERMINATION_LOG_PATH: terminationFile, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const exit = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return (code ?? signal) as number | NodeJS.Signals;
  });
  running.set(child, exit);
  return { child, stdout: () => stdout, stderr: () => stderr, terminationFile, exit };
}

/** Runs `isvc-runtime serve` on a free port and waits until it is ready. */
export async function serveProcess(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<RuntimeProcess & { readonly port: number }> {
  const runtime = runRuntime(['serve', '--model_name=sk', `--model_dir=${IRIS_SVC}`, '--http_port=0', ...args], env);
  const ended = { yet: false };
  void runtime.exit.then(() => (ended.yet = true));
  await until('isvc-runtime serve: ready', () => ended.yet || runtime.stderr().includes('ready on port'));
  const port = /ready on port (\d+)/.exec(runtime.stderr())?.[1];
  if (port === undefined) throw new Error(`isvc-runtime serve ended early: ${runtime.stderr()}`);
  return { ...runtime, port: Number(port) };
}
