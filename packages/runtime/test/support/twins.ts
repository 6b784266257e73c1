import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { ServerOptions } from '../../src/index';
import { serve } from './served';
import { ask } from './http';

type TwinOptions = Omit<Partial<ServerOptions>, 'model'>;

const NODE_READ = 'http.server.request.start';

/** A server with its fast path, one without, and what both were asked. */
export interface Twins {
  readonly fast: Twin;
  readonly plain: Twin;
}

export interface Twin {
  readonly port: number;
  readonly accessLog: string[];
  /** Requests that `node:http` has read. */
  readonly readByNode: () => number;
  close(): Promise<number>;
}

const readers: ((message: unknown) => void)[] = [];
afterEach(() => readers.splice(0).forEach((reader) => unsubscribe(NODE_READ, reader)));

/** Two servers of equal fake models `sk` in this process, closed after the test. */
export async function serveTwins(options: TwinOptions = {}): Promise<Twins> {
  const [fast, plain] = await Promise.all([true, false].map((fastPath) => serveTwin({ ...options, fastPath })));
  return { fast: fast as Twin, plain: plain as Twin };
}

async function serveTwin(options: TwinOptions): Promise<Twin> {
  const accessLog: string[] = [];
  const { port, close } = await serve({ accessLog: (line) => accessLog.push(line), ...options });
  let read = 0;
  const reader = (message: unknown): void => void ((message as { readonly request: IncomingMessage }).request.socket.localPort === port && read++);
  subscribe(NODE_READ, reader);
  readers.push(reader);
  return { port, accessLog, readByNode: () => read, close };
}

/**
 * Sends pieces over one connection and then its end; the server has read each before the next one is sent.
 *
 * @returns all that comes back, without what differs from one request to the next: times, and ids that the server made.
 */
export async function converse({ port }: Pick<Twin, 'port'>, pieces: readonly Buffer[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => {});
  await once(socket, 'connect');
  for (const [i, piece] of pieces.entries()) {
    // A server that answers somebody who came later has read what was there.
    if (i > 0) await ask(port, '/');
    socket.write(piece);
  }
  socket.end();
  if (!socket.closed) await once(socket, 'close');
  return stable(Buffer.concat(received).toString('latin1'));
}

/** Times and ids that the server made are the same in all. */
export function stable(text: string): string {
  return text.replace(/^(Date|ce-time): .*$/gm, '$1: T').replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');
}
