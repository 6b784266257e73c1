import { type Socket, connect } from 'node:net';
import { PATIENCE_MS } from '../../../../test/support/until';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  json(): unknown;
}

export interface AskOptions {
  readonly method?: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request on a connection of its own, so that no pool outlives the test. */
export async function ask(port: number, path: string, options: AskOptions = {}): Promise<Answer> {
  const method = options.method ?? (options.body === undefined ? 'GET' : 'POST');
  const init: RequestInit = { method, headers: { connection: 'close', ...options.headers } };
  if (options.body !== undefined) init.body = options.body as string;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown };
}

/** Writes bytes to a raw socket and gives back everything that comes until the server closes, or `until` is satisfied. */
export function talk(port: number, bytes: string | Buffer, until: (received: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let received = '';
    const finish = (): void => {
      socket.destroy();
      resolve(received);
    };
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no end after: ${received}`)));
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk;
      if (until(received)) finish();
    });
    socket.on('end', finish).on('error', reject);
    socket.write(bytes);
  });
}
