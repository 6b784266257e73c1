/** Cuts a byte stream into lines. Chunks may end anywhere, also in the middle of a character. */
export class LineSplitter {
  private pending: Buffer[] = [];

  /** The lines that this chunk completes. A last line without its newline is kept back: it may be cut short. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, start);
      if (end < 0) {
        break;
      }
      this.pending.push(chunk.subarray(start, end));
      lines.push(Buffer.concat(this.pending).toString('utf8'));
      this.pending = [];
      start = end + 1;
    }
    if (start < chunk.length) {
      this.pending.push(chunk.subarray(start));
    }
    return lines.filter((line) => line.trim() !== '');
  }
}
