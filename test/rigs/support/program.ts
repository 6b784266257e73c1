import { spawn } from 'node:child_process';

const LAST_WORDS = 20_000;

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A real program beside the cluster, for as long as a test file runs. */
export interface Program {
  /** The end of what it wrote. */
  readonly output: string;
  /** @returns once it has ended; it is killed, since what it would tidy up goes with the cluster. */
  stop(): Promise<void>;
}

export function startProgram(file: string, { args = [], env = {} }: ProgramOptions = {}): Program {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let output = '';
  const keep = (text: string): void => {
    output = `${output}${text}`.slice(-LAST_WORDS);
  };
  child.once('error', (error) => keep(`${file}: ${error.message}\n`));
  child.once('exit', (code, signal) => keep(`${file} ended with ${code ?? signal ?? 'nothing'}\n`));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  return {
    get output() {
      return output;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
