import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type Socket, connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
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

/**
 * One request on a connection of its own, which the client closes, so that no pool outlives the test. Head and body are one
 * write, as most clients of servers send them: it takes the server's fast path.
 */
export async function ask(port: number, path: string, { body, headers = {}, method = body === undefined ? 'GET' : 'POST' }: AskOptions = {}): Promise<Answer> {
  const agent = new Agent({ keepAlive: true });
  try {
    const asked = request({ port, host: '127.0.0.1', path, method, agent, headers });
    // As bytes: together with text, Node would write the head as UTF-8.
    asked.end(typeof body === 'string' ? Buffer.from(body) : body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const text = (await buffer(response)).toString();
    const received = Object.entries(response.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]));
    return { status: response.statusCode ?? 0, headers: new Headers(received), text, json: () => JSON.parse(text) as unknown };
  } finally {
    agent.destroy();
  }
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
