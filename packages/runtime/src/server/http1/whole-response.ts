import { STATUS_CODES, validateHeaderValue } from 'node:http';
import type { HttpResponse } from './http-exchange';
import { httpDate } from './http-date';
import type { WholeRequest } from './whole-request';

/** The answer to a request that came whole: head and body in one write, byte for byte what Node would send. */
export class WholeResponse implements HttpResponse {
  readonly req: WholeRequest;
  statusCode = 200;
  writableFinished = false;
  private readonly keepAlive: string;
  private readonly done: (last: boolean) => void;
  private head = '';
  private last = false;
  private closeListeners: (() => void)[] | undefined;

  /**
   * @param keepAlive header lines of an answer after which the connection goes on.
   * @param done told when the answer is written, with whether it was the last one of its connection.
   */
  constructor(req: WholeRequest, keepAlive: string, done: (last: boolean) => void) {
    this.req = req;
    this.keepAlive = keepAlive;
    this.done = done;
  }

  get destroyed(): boolean {
    return this.req.socket.destroyed;
  }

  writeHead(status: number, headers: readonly string[]): this {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
    for (let i = 0; i < headers.length; i += 2) {
      const name = headers[i] as string;
      const value = headers[i + 1] as string;
      validateHeaderValue(name, value);
      if (name === 'connection') this.last = value === 'close';
      head += `${name}: ${value}\r\n`;
    }
    this.statusCode = status;
    this.head = `${head}Date: ${httpDate()}\r\n${this.last ? '' : this.keepAlive}\r\n`;
    return this;
  }

  end(body: string | Uint8Array): void {
    const { socket } = this.req;
    // After the client has ended the connection nothing can be sent; its close follows.
    if (!socket.writable) return;
    const sent = this.closeListeners && ((error?: Error | null): void => this.sent(error));
    if (typeof body === 'string') {
      socket.write(this.head + body, sent);
    } else {
      socket.cork();
      socket.write(this.head, 'latin1');
      socket.write(body, sent);
      socket.uncork();
    }
    this.done(this.last);
  }

  once(_event: 'close', listener: () => void): this {
    (this.closeListeners ??= []).push(listener);
    return this;
  }

  /** The connection has closed. */
  close(): void {
    const listeners = this.closeListeners;
    this.closeListeners = undefined;
    listeners?.forEach((listener) => listener());
  }

  private sent(error: Error | null | undefined): void {
    this.writableFinished = !error;
    this.close();
  }
}
