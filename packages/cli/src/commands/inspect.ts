import { Command } from 'commander';
import { createColors } from 'picocolors';
import { EXIT } from '../exit-codes';
import { isIsvcError } from '../foreign-error';
import type { Io } from '../io';
import { inspectText } from '../output/inspect-text';

const EXAMPLES = `
Examples:
  $ isvc inspect model.joblib
      What a file from somebody else holds, before anybody opens it in Python.
  $ isvc inspect ./models --json
      All models of a folder, for a program.

Exit codes:
  0  every model would be served
  1  a model would be refused; the output has the cause and the way out
  2  there is nothing to read`;

/** `isvc inspect`: what is in a model file, without running anything of it. */
export function inspectCommand(io: Io): Command {
  return new Command('inspect')
    .description('Show what is in a model file or a folder of models, and whether it would be served; nothing in it is run')
    .argument('<path>', 'a model file, a model folder, or a folder of models')
    .option('--json', 'print what was found as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, { json }: { readonly json: boolean }) => {
      // The readers of all formats are loaded only for those who inspect.
      const { inspectModel } = await import('cdk8s-kserve-runtime');
      const inspection = await inspectModel(path).catch((error: unknown) => {
        if (!isIsvcError(error)) throw error;
        io.err.write(`isvc: ${error.toLine()}\n`);
        return undefined;
      });
      if (!inspection) {
        io.exitCode = EXIT.unreadable;
        return;
      }
      io.out.write(json ? `${JSON.stringify(inspection, null, 2)}\n` : inspectText(inspection, createColors(io.colors)));
      io.exitCode = inspection.models.every(({ servable }) => servable) ? EXIT.ok : EXIT.failed;
    });
}
