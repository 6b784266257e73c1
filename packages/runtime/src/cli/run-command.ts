import { IsvcError, didYouMean } from 'cdk8s-kserve/api';
import { stderrLog } from '../process/log';
import type * as serveModule from '../server/serve-command';
import type * as fetchModule from '../storage/fetch-command';
import { writeTerminationMessage } from '../process/termination-message';
import { RUNTIME_VERSION } from '../version';
import type { Command, CommandContext } from './command';

/* eslint-disable @typescript-eslint/no-require-imports -- `import()` would load Node's ESM loader, which costs more than
   the modules themselves. */
/** Subcommands; each is loaded only when it is used, because the start of a server counts in milliseconds. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; load(): Command }>> = {
  serve: {
    summary: 'serve a model over the V1 and V2 inference protocols',
    load: () => (require('../server/serve-command') as typeof serveModule).serveCommand,
  },
  fetch: {
    summary: 'copy models from where they are stored into local folders',
    load: () => (require('../storage/fetch-command') as typeof fetchModule).fetchCommand,
  },
};
/* eslint-enable @typescript-eslint/no-require-imports */

const OWN_FLAGS: readonly string[] = ['--help', '-h', '--version', '-V'];

/** Codes that mean the command line itself is wrong. */
const USAGE_CODES: readonly string[] = ['ISVC_SERVER_OPTION', 'ISVC_CLI_USAGE'];

/**
 * Runs `isvc-runtime` with its arguments.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage. A failure is one line on stderr, and for the cluster also in
 * the termination message file.
 */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const [name = '--help', ...rest] = withSubcommand(args);
  if (name === '--help' || name === '-h' || name === 'help') {
    context.print(usage());
    return 0;
  }
  if (name === '--version' || name === '-V') {
    context.print(`${RUNTIME_VERSION}\n`);
    return 0;
  }
  try {
    const command = loadCommand(name);
    if (rest.includes('--help') || rest.includes('-h')) {
      context.print(command.usage);
      return 0;
    }
    return await command.run(rest, context);
  } catch (error) {
    if (!(error instanceof IsvcError)) throw error;
    const line = error.toLine().replace(/\s*\n\s*/g, ' ');
    stderrLog(`isvc-runtime ${name}`).error(line);
    writeTerminationMessage(line, context.env);
    return USAGE_CODES.includes(error.code) ? 2 : 1;
  }
}

/**
 * KServe's images have no subcommands: its servers are started with flags, its storage initializer with addresses. The
 * same arguments mean the same here, so that changing the image's name is enough to change over (docs/adr/0003).
 */
export function withSubcommand(args: readonly string[]): readonly string[] {
  const [first] = args;
  if (first === undefined || OWN_FLAGS.includes(first)) return args;
  if (first.startsWith('-')) return ['serve', ...args];
  if (first.startsWith('/') || first.includes('://')) return ['fetch', ...args];
  return args;
}

function loadCommand(name: string): Command {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry) return entry.load();
  throw new IsvcError('ISVC_CLI_USAGE', `there is no subcommand "${name}"; there are ${Object.keys(COMMANDS).join(', ')}`, {
    hint: didYouMean(name, Object.keys(COMMANDS)) ?? 'see isvc-runtime --help',
  });
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`);
  return `isvc-runtime ${RUNTIME_VERSION}: model server and storage fetcher, without Python.

Usage: isvc-runtime COMMAND [ARGUMENTS]

Commands:
${lines.join('\n')}

Without a command, flags mean serve and an address means fetch, so that the image takes the
arguments of KServe's model servers and of its storage initializer as they are.

  isvc-runtime COMMAND --help    what a command takes, with an example
  isvc-runtime --version         print the version
`;
}
