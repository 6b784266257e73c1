/** A wait for the first SIGTERM or SIGINT. A second one ends the process at once, for people who press Ctrl-C twice. */
export interface StopSignal {
  readonly received: Promise<NodeJS.Signals>;
  /** The signal, once it has come. */
  requested(): NodeJS.Signals | undefined;
  /** Gives the signals back to Node. */
  dispose(): void;
  /** What a shell expects of a process that this signal has ended: 128 and its number. */
  exitCodeOf(signal: NodeJS.Signals): number;
}

const SIGNALS: Partial<Readonly<Record<NodeJS.Signals, number>>> = { SIGTERM: 143, SIGINT: 130, SIGQUIT: 131 };

export function stopSignal(): StopSignal {
  let seen: NodeJS.Signals | undefined;
  let resolve: (signal: NodeJS.Signals) => void = () => {};
  const received = new Promise<NodeJS.Signals>((done) => (resolve = done));
  const listener = (signal: NodeJS.Signals): void => {
    if (seen !== undefined) process.exit(exitCodeOf(signal));
    seen = signal;
    resolve(signal);
  };
  const names = Object.keys(SIGNALS) as NodeJS.Signals[];
  for (const name of names) process.on(name, listener);
  return {
    received,
    requested: () => seen,
    exitCodeOf,
    dispose: () => {
      for (const name of names) process.off(name, listener);
    },
  };
}

function exitCodeOf(signal: NodeJS.Signals): number {
  return SIGNALS[signal] ?? 1;
}
