import type { Container } from 'cdk8s-kserve/api';
import type { ChildExit } from './child';
import type { LogRing } from './log-ring';
import type { ContainerState } from './pod';
import { timestamp } from './timestamp';

/** Limits of Kubernetes: a message file counts up to 4096 bytes, a log tail up to 2048 bytes or 80 lines. */
const FILE_BYTES = 4096;
const TAIL_BYTES = 2048;
const TAIL_LINES = 80;

/** A container's last words: its message file or, where its policy says so and it failed, the end of its log. */
export async function terminationMessage(
  container: Container,
  exit: ChildExit,
  from: { readonly readTerminationLog: () => Promise<Buffer>; readonly logs: LogRing },
): Promise<string | undefined> {
  const file = await from.readTerminationLog();
  if (file.length > 0) return file.subarray(0, FILE_BYTES).toString('utf8');
  if (container.terminationMessagePolicy !== 'FallbackToLogsOnError' || exit.exitCode === 0) return undefined;
  const tail = Buffer.from(from.logs.tail(TAIL_LINES).map((line) => `${line.text}\n`).join(''));
  return tail.subarray(Math.max(0, tail.length - TAIL_BYTES)).toString('utf8') || undefined;
}

export function terminatedState(exit: ChildExit, message: string | undefined, startedAt: number, finishedAt: number): ContainerState {
  return {
    terminated: {
      exitCode: exit.exitCode,
      ...(exit.signal === undefined ? {} : { signal: exit.signal }),
      reason: exit.exitCode === 0 ? 'Completed' : 'Error',
      ...(message === undefined ? {} : { message }),
      startedAt: timestamp(startedAt),
      finishedAt: timestamp(finishedAt),
    },
  };
}
