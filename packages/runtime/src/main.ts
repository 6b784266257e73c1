import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { runCommand } from './cli/run-command';
import { exitWithParent } from './process/exit-with-parent';
import { DIGEST_THREAD } from './storage/download/digest-messages';
import type * as digestModule from './storage/download/digest-thread';

// A thread of the server has no standard input of its own, and ends with it.
if (isMainThread) exitWithParent(process.env);

if (parentPort && workerData === DIGEST_THREAD) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only this thread needs it; see run-command.ts.
  (require('./storage/download/digest-thread') as typeof digestModule).takeDigests(parentPort);
} else {
  runCommand(process.argv.slice(2), { env: process.env, print: (text) => void process.stdout.write(text) }).then(
    // Not `exitCode`: nothing that is still open somewhere may keep a drained server alive.
    (code) => process.exit(code),
    (error: unknown) => {
      // Not one of our errors, so a defect: the stack is what a bug report needs.
      process.stderr.write(`isvc-runtime: unexpected failure: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 70;
    },
  );
}
