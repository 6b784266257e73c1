import { runCommand } from './cli/run-command';

runCommand(process.argv.slice(2), { env: process.env, print: (text) => void process.stdout.write(text) }).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // Not one of our errors, so a defect: the stack is what a bug report needs.
    process.stderr.write(`isvc-runtime: unexpected failure: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 70;
  },
);
