import type { Readable } from 'node:stream';
import { TransferFailure } from '../transport/failure';

/** Ends a message. */
export const FLUSH = '0000';
/** Ends a section of a message. */
export const DELIMITER = '0001';

/** One line as git sends it: four hexadecimal digits of length, themselves included, then the text. */
export function pktLine(text: string): string {
  const line = `${text}\n`;
  return (Buffer.byteLength(line) + 4).toString(16).padStart(4, '0') + line;
}

export type Packet = Buffer | 'flush' | 'delimiter' | 'end';

/** Takes git's lines from a body, one at a time, so that no more than one is ever held. */
export class PacketReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly body: Readable;
  private rest: Buffer = Buffer.alloc(0);

  constructor(body: Readable) {
    this.body = body;
    this.chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** @throws TransferFailure where the body ends or breaks inside a line, and what the body throws. */
  async next(): Promise<Packet> {
    if (!(await this.has(4))) {
      if (this.rest.length > 0) throw new TransferFailure('the answer ends inside a line');
      return 'end';
    }
    const digits = this.rest.toString('latin1', 0, 4);
    const length = /^[0-9a-f]{4}$/i.test(digits) ? parseInt(digits, 16) : -1;
    if (length === 0 || length === 1 || length === 2) {
      this.rest = this.rest.subarray(4);
      return length === 0 ? 'flush' : length === 1 ? 'delimiter' : 'end';
    }
    if (length < 4) throw new TransferFailure(`"${digits.replace(/[^ -~]/g, '?')}" begins no line of git`);
    if (!(await this.has(length))) throw new TransferFailure('the answer ends inside a line');
    const payload = this.rest.subarray(4, length);
    this.rest = this.rest.subarray(length);
    return payload;
  }

  close(): void {
    this.body.destroy();
  }

  private async has(bytes: number): Promise<boolean> {
    while (this.rest.length < bytes) {
      const { value, done } = await this.chunks.next();
      if (done) return false;
      this.rest = this.rest.length === 0 ? value : Buffer.concat([this.rest, value]);
    }
    return true;
  }
}

/** The text of a line, without its end. */
export function textOfPacket(packet: Buffer): string {
  return packet.toString('utf8').replace(/\n$/, '');
}
