/** How busy something is: requests in it now, and their time-weighted average since it was last sampled. */
export class Load {
  private readonly now: () => number;
  private inFlight = 0;
  private finished = 0;
  /** Request-milliseconds since the last sample. */
  private area = 0;
  private changedAt: number;
  private sampledAt: number;
  private lastActiveAt: number;

  constructor(now: () => number) {
    this.now = now;
    this.changedAt = this.sampledAt = this.lastActiveAt = now();
  }

  get current(): number {
    return this.inFlight;
  }

  /** Milliseconds since the epoch when the last request was in flight; now, while one is. */
  get activeAt(): number {
    return this.inFlight > 0 ? this.now() : this.lastActiveAt;
  }

  begin(): void {
    this.advance();
    this.inFlight++;
  }

  end(): void {
    this.advance();
    this.inFlight--;
    this.finished++;
    this.lastActiveAt = this.changedAt;
  }

  /** Average concurrency and request rate since the previous sample. */
  sample(): { readonly concurrency: number; readonly requestsPerSecond: number } {
    this.advance();
    const elapsed = Math.max(1, this.changedAt - this.sampledAt);
    const result = { concurrency: this.area / elapsed, requestsPerSecond: (this.finished * 1000) / elapsed };
    this.area = 0;
    this.finished = 0;
    this.sampledAt = this.changedAt;
    return result;
  }

  private advance(): void {
    const now = this.now();
    this.area += this.inFlight * (now - this.changedAt);
    this.changedAt = now;
  }
}
