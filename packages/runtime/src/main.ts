import { isMainThread } from 'node:worker_threads';
import { runCommand } from './cli/run-command';
import { exitWithParent } from './process/exit-with-parent';

// A thread of the server has no standard input of its own, and ends with it.
if (isMainThread) exitWithParent(process.env);

runCommand(process.argv.slice(2), { env: process.env, print: (text) => void process.stdout.write(text) }).then(
  // Not `exitCode`: nothing that is still open somewhere may keep a drained server alive.
  (code) => process.exit(code),
  (error: unknown) => {
    // Not one of our errors, so a defect: the stack is what a bug report needs.
    process.stderr.write(`isvc-runtime: unexpected failure: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 70;
  },
);
