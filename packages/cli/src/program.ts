import { Command, CommanderError, type Option } from 'commander';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { credsCommand } from './commands/creds';
import { fetchCommand } from './commands/fetch';
import { inspectCommand } from './commands/inspect';
import { lintCommand } from './commands/lint';
import { newCommand } from './commands/new';
import { planCommand } from './commands/plan';
import { runCommand } from './commands/run';
import { EXIT } from './exit-codes';
import type { Io } from './io';
import { VERSION } from './version';

const INTRO = `isvc ${VERSION}: model serving for TypeScript infrastructure repositories, API-compatible with KServe.

Write InferenceServices as cdk8s constructs, run "cdk8s synth", then serve the folder it wrote.`;

const EPILOGUE = `
First steps:
  $ npx isvc lint dist
  $ npx isvc plan dist
  $ npx isvc run dist --map pvc://iris-models=./models
  $ npx isvc inspect models/model.joblib
  $ npx isvc run --kubeconfig-out kubeconfig
  $ npx isvc help run`;

/** Codes that mean the command line itself is wrong: it names nothing to look at, or cannot be read. */
const USAGE_CODES: readonly string[] = ['ISVC_CLI_USAGE', 'ISVC_CLI_NO_MANIFESTS'];

/** Runs one command line and gives its exit code. Every failure is one line on `err`; nothing throws. */
export async function runIsvc(argv: readonly string[], io: Io): Promise<number> {
  const program = buildProgram(io);
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' });
    return io.exitCode;
  } catch (error) {
    // For "plan" 2 means that there are changes: a typo must never look like some.
    return failure(error, argv[0] === 'plan' ? EXIT.failed : EXIT.usage, io);
  }
}

function buildProgram(io: Io): Command {
  const program = new Command('isvc')
    .description(INTRO)
    .usage('<command> [options]')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError(true)
    .addCommand(credsCommand(io))
    .addCommand(fetchCommand(io))
    .addCommand(inspectCommand(io))
    .addCommand(lintCommand(io))
    .addCommand(newCommand(io))
    .addCommand(planCommand(io))
    .addCommand(runCommand(io));
  for (const command of withChildren(program)) {
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => void io.out.write(text), writeErr: (text) => void io.err.write(text) })
      .configureHelp({ optionDescription })
      .showHelpAfterError(`see: ${[...ancestors(command), command].map((c) => c.name()).join(' ')} --help`);
  }
  return program;
}

function withChildren(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withChildren)];
}

function ancestors({ parent }: Command): readonly Command[] {
  return parent ? [...ancestors(parent), parent] : [];
}

/** As commander writes it, but without "(default: false)" and "(default: [])", which tell nobody anything. */
function optionDescription(option: Option): string {
  const { defaultValue } = option as { readonly defaultValue: unknown };
  const says = defaultValue !== undefined && defaultValue !== false && !(Array.isArray(defaultValue) && defaultValue.length === 0);
  const extra = [
    ...(option.argChoices ? [`choices: ${option.argChoices.join(', ')}`] : []),
    ...(says ? [`default: ${option.defaultValueDescription ?? String(defaultValue)}`] : []),
  ];
  return extra.length > 0 ? `${option.description} (${extra.join('; ')})` : option.description;
}

function failure(error: unknown, usage: number, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : usage;
  if (error instanceof IsvcError) {
    io.err.write(`isvc: ${error.toLine()}\n`);
    return USAGE_CODES.includes(error.code) ? usage : EXIT.failed;
  }
  io.err.write(`isvc: unexpected failure, please report it: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`);
  return EXIT.internal;
}
