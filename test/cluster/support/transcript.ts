import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { until } from '../../support/until';

const run = promisify(execFile);

export interface TranscriptOptions {
  /** Commands run here, by `sh`. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly patienceMs: number;
}

/** A page in the making: prose, and commands with what they print. */
export class Transcript {
  private readonly options: TranscriptOptions;
  private readonly lines: string[] = [];

  constructor(options: TranscriptOptions) {
    this.options = options;
  }

  say(...paragraphs: readonly string[]): void {
    for (const paragraph of paragraphs) this.lines.push(paragraph, '');
  }

  /** Runs a command and shows it with what it printed, once that fits. */
  async shell(command: string, fits = /(?:)/): Promise<void> {
    const output = await this.silently(command, fits);
    this.lines.push('```', `$ ${command}`, ...(output === '' ? [] : [normalised(output)]), '```', '');
  }

  /** The same without a trace on the page. @returns what the command printed */
  async silently(command: string, fits = /(?:)/): Promise<string> {
    const { folder, env, patienceMs } = this.options;
    return until(`"${command}" prints ${String(fits)}`, async () => {
      const { stdout, stderr } = await run('sh', ['-c', command], { cwd: folder, env, timeout: patienceMs });
      const output = `${stdout}${stderr}`.trimEnd();
      return fits.test(output) ? { output } : undefined;
    }, patienceMs).then(({ output }) => output);
  }

  text(): string {
    return `${this.lines.join('\n').trimEnd()}\n`;
  }
}

/** What differs from run to run, and between versions of kubectl, as one word. */
function normalised(output: string): string {
  return output
    .split('\n')
    .map((line) => line.replace(/(?<= {2})(\d+[smh])+$/, '5s').replace(/ deleted from .* namespace$/, ' deleted').trimEnd())
    .join('\n');
}
