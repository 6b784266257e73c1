/** Where the live table is drawn: a terminal, or anything else that takes lines. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\x1b[2K';

/**
 * A block of lines that is redrawn in place on a terminal. Elsewhere a block is printed again only when it has changed
 * in more than its ages, so that a log stays readable.
 */
export class LiveTable {
  private readonly screen: Screen;
  private drawn = 0;
  private last = '';
  private lines: readonly string[] = [];

  constructor(screen: Screen) {
    this.screen = screen;
  }

  /** @param lines what to show now. @param identity what must differ for a log to show it again. */
  draw(lines: readonly string[], identity: string): void {
    if (!this.screen.isTTY) {
      if (identity === this.last) return;
      this.last = identity;
      this.screen.write(`${lines.join('\n')}\n`);
      return;
    }
    this.erase();
    this.lines = lines;
    this.paint();
  }

  /** Prints something that stays, above the table. */
  note(text: string): void {
    this.erase();
    this.screen.write(`${text}\n`);
    this.paint();
  }

  private paint(): void {
    if (!this.screen.isTTY) return;
    const width = this.screen.columns ?? 80;
    // A line that wraps would take two rows and break the count of rows to go back.
    this.screen.write(this.lines.map((line) => `${CLEAR_LINE}${line.slice(0, width - 1)}\n`).join(''));
    this.drawn = this.lines.length;
  }

  private erase(): void {
    if (!this.screen.isTTY || this.drawn === 0) return;
    this.screen.write(`\x1b[${this.drawn}A\x1b[0J`);
    this.drawn = 0;
  }
}
