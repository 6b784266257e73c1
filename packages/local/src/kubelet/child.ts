import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { LineSplitter } from './line-splitter';

export interface ChildSpec {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  onLine(line: string): void;
}

export interface ChildExit {
  /** As a container runtime reports it: 128 + n for signal n. */
  readonly exitCode: number;
  readonly signal?: number;
  /** The process could not be started at all. */
  readonly startError?: string;
}

/** One process of one container run, the leader of its own process group. */
export interface Child {
  readonly pid: number | undefined;
  /** Never rejects; resolves once the process is gone and all it wrote has been read. */
  readonly exited: Promise<ChildExit>;
  /** Signals the whole group; does nothing once it is gone. */
  signal(name: NodeJS.Signals): void;
}

/**
 * Starts a process in a group of its own, so that a Ctrl-C at the terminal reaches only the parent, which then stops
 * pods in order, and so that what a process started is stopped with it.
 *
 * Its standard input is a pipe that nobody writes to: it closes when this process dies, however it dies, and
 * `isvc-runtime` exits on that (ISVC_EXIT_WITH_PARENT).
 */
export function startChild(spec: ChildSpec): Child {
  const [file = '', ...args] = spec.argv;
  const child = spawn(file, args, { cwd: spec.cwd, env: { ...spec.env, ISVC_EXIT_WITH_PARENT: '1' }, detached: true,
    stdio: ['pipe', 'pipe', 'pipe'] });
  const splitters = [child.stdout, child.stderr].map((stream) => {
    const splitter = new LineSplitter((line) => spec.onLine(line));
    stream.on('data', (chunk: Buffer) => splitter.push(chunk));
    return splitter;
  });
  // A child that closes its input early is no error of ours.
  child.stdin.on('error', () => undefined);
  let gone = false;
  const signal = (name: NodeJS.Signals): void => {
    if (gone || child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group ended between the check and the signal.
    }
  };
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ exitCode: 128, startError: error.message });
    });
    // What the leader leaves behind in its group would hold the output pipes open, and outlive the container.
    child.once('exit', () => signal('SIGKILL'));
    child.once('close', (code, name) => {
      gone = true;
      for (const splitter of splitters) splitter.end();
      const number = name ? constants.signals[name] : undefined;
      resolve(number === undefined ? { exitCode: code ?? 0 } : { exitCode: 128 + number, signal: number });
    });
  });
  return { pid: child.pid, exited, signal };
}
