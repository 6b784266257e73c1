import { Command, CommanderError } from 'commander';
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
  $ npx isvc run examples/01-first-model/dist --map pvc://iris-models=examples/01-first-model/models
  $ npx isvc inspect examples/01-first-model/models/svc
  $ npx isvc lint examples/01-first-model/dist
  $ npx isvc plan examples/01-first-model/dist
  $ npx isvc help run`;

/** Runs one command line and gives its exit code. Every failure is one line on `err`; nothing throws. */
export async function runIsvc(argv: readonly string[], io: Io): Promise<number> {
  const program = buildProgram(io);
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' });
    return io.exitCode;
  } catch (error) {
    return failure(error, io);
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
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: (text) => void io.out.write(text), writeErr: (text) => void io.err.write(text) });
  }
  return program;
}

function failure(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof IsvcError) {
    io.err.write(`isvc: ${error.toLine()}\n`);
    return error.code === 'ISVC_CLI_USAGE' ? EXIT.usage : EXIT.failed;
  }
  io.err.write(`isvc: unexpected failure, please report it: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`);
  return EXIT.internal;
}
