import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Kubernetes' default `terminationMessagePath`. */
const DEFAULT_FILE = '/dev/termination-log';
/** Kubernetes keeps no more than this; it would cut anywhere, so we cut first. */
const MAX_BYTES = 4096;

/**
 * Leaves the reason of a failure where the kubelet looks for it, so that it shows in the pod's status and from there in
 * the InferenceService's conditions.
 *
 * The file of `TERMINATION_LOG_PATH` is created where it is missing; `/dev/termination-log` is only used where the
 * kubelet has made it. A file that cannot be written is not an error: the line is on stderr as well.
 */
export function writeTerminationMessage(line: string, env: NodeJS.ProcessEnv): void {
  const chosen = env['TERMINATION_LOG_PATH'];
  try {
    const file = openSync(chosen || DEFAULT_FILE, chosen ? 'w' : 'r+');
    try {
      if (!chosen) ftruncateSync(file);
      writeSync(file, Buffer.from(line).subarray(0, MAX_BYTES));
    } finally {
      closeSync(file);
    }
  } catch {
    // Outside of Kubernetes there is no such file.
  }
}
