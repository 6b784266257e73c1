import type { PodLogRequest, PodLogSource } from '../apiserver/http/pod-log';
import type { LogLine, LogRing } from '../kubelet/log-ring';

export interface PodLogsOptions {
  readonly find: (namespace: string, pod: string, container: string) => LogRing | undefined;
  readonly now: () => number;
}

/** What `kubectl logs` shows: the lines that a container wrote, and with `follow` those it will write. */
export function podLogs({ find, now }: PodLogsOptions): PodLogSource {
  async function* read(request: PodLogRequest): AsyncGenerator<string, void, undefined> {
    const ring = find(request.namespace, request.name, request.container);
    if (!ring) return;
    const since = request.sinceSeconds === undefined ? 0 : now() - request.sinceSeconds * 1000;
    const text = ring
      .tail(request.tailLines, request.previous ? 'previous' : 'latest')
      .filter((line) => line.at >= since)
      .map((line) => format(line, request.timestamps))
      .join('');
    const limited = request.limitBytes === undefined ? text : Buffer.from(text).subarray(0, request.limitBytes).toString('utf8');
    if (limited !== '') yield limited;
    if (request.follow && !request.previous) yield* follow(ring, request);
  }

  return { read, hasPrevious: ({ namespace, name, container }) => find(namespace, name, container)?.hasPreviousRun ?? false };
}

async function* follow(ring: LogRing, request: PodLogRequest): AsyncGenerator<string, void, undefined> {
  const pending: string[] = [];
  let ended = request.signal.aborted;
  let wake = (): void => undefined;
  const end = (): void => {
    ended = true;
    wake();
  };
  const unfollow = ring.follow((line) => {
    pending.push(format(line, request.timestamps));
    wake();
  }, end);
  request.signal.addEventListener('abort', end, { once: true });
  try {
    while (pending.length > 0 || !ended) {
      if (pending.length > 0) yield pending.splice(0).join('');
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    unfollow();
    request.signal.removeEventListener('abort', end);
  }
}

function format(line: LogLine, timestamps: boolean): string {
  return timestamps ? `${new Date(line.at).toISOString()} ${line.text}\n` : `${line.text}\n`;
}
