export interface LogRingOptions {
  /** Bytes kept; older lines are dropped. @default 1 MiB */
  readonly maxBytes?: number;
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

interface RunLine extends LogLine {
  readonly run: number;
}

/** The last lines that a container wrote in all its runs, standard output and standard error together. */
export class LogRing {
  private readonly maxBytes: number;
  private readonly followers = new Set<(line: LogLine) => void>();
  private readonly closers = new Set<() => void>();
  private lines: RunLine[] = [];
  private runs = 0;
  private bytes = 0;

  constructor(options: LogRingOptions = {}) {
    this.maxBytes = options.maxBytes ?? 1 << 20;
  }

  /** The container was started, once more. */
  beginRun(): void {
    this.runs += 1;
  }

  get hasPreviousRun(): boolean {
    return this.runs > 1;
  }

  append(line: LogLine): void {
    this.lines.push({ ...line, run: this.runs });
    this.bytes += line.text.length + 1;
    if (this.bytes > this.maxBytes) this.dropOldest();
    for (const follow of this.followers) follow(line);
  }

  /** The last `count` lines of the latest run or of the one before, or all of them. */
  tail(count = Number.POSITIVE_INFINITY, which: 'latest' | 'previous' = 'latest'): readonly LogLine[] {
    const run = which === 'latest' ? this.runs : this.runs - 1;
    const lines = this.lines.filter((line) => line.run === run);
    return count >= lines.length ? lines : lines.slice(lines.length - count);
  }

  /** Calls back for every line from now on until the returned function is called or the container is gone. */
  follow(onLine: (line: LogLine) => void, onEnd: () => void): () => void {
    this.followers.add(onLine);
    this.closers.add(onEnd);
    return () => {
      this.followers.delete(onLine);
      this.closers.delete(onEnd);
    };
  }

  /** Ends every follower: nothing will be written any more. */
  close(): void {
    for (const end of this.closers) end();
    this.followers.clear();
    this.closers.clear();
  }

  /** A quarter is dropped at once, so that a container that writes a lot does not shift the array for every line. */
  private dropOldest(): void {
    let drop = 0;
    while (drop < this.lines.length - 1 && this.bytes > (this.maxBytes * 3) / 4) {
      this.bytes -= (this.lines[drop]?.text.length ?? 0) + 1;
      drop++;
    }
    this.lines = this.lines.slice(drop);
  }
}
