import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer as createNetServer } from 'node:net';
import { type CustomModel, type RunningServer, type ServerOptions, createServer } from '../../../src/index';
import type { WholeResponse } from '../../../src/server/http1/whole-response';
import { type FastPath, type FastPathOptions, createFastPath } from '../../../src/server/http1/fast-path';
import { until } from '../../../../../test/support/until';

const BODY = '{"instances":[1]}';
const REQUEST = `POST /v1/models/own:predict HTTP/1.1\r\nhost: x\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

const stops: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: () => boolean;
}

async function clientOf(port: number): Promise<Client> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let received = '';
  let closed = false;
  socket.setEncoding('latin1').on('data', (text: string) => (received += text)).on('error', () => {}).on('close', () => (closed = true));
  stops.push(() => socket.destroy());
  await once(socket, 'connect');
  return { socket, received: () => received, closed: () => closed };
}

/** A model that answers with the number of the request when the test lets it. */
async function slowServer(options: Partial<ServerOptions> = {}): Promise<{ readonly server: RunningServer; readonly release: () => void; readonly asked: () => number; readonly aborted: () => number }> {
  const waiting: (() => void)[] = [];
  let asked = 0;
  let aborted = 0;
  const own: CustomModel = {
    predict: (_payload, { signal }) => {
      const number = ++asked;
      signal?.addEventListener('abort', () => aborted++);
      return new Promise((resolve) => waiting.push(() => resolve({ predictions: [number] })));
    },
  };
  const server = await createServer({ models: { own }, shutdownTimeoutSeconds: 0.2, ...options });
  stops.push(() => server.close());
  return { server, release: () => waiting.splice(0).forEach((go) => go()), asked: () => asked, aborted: () => aborted };
}

test('what comes while a request runs is answered after it, in order', async () => {
  const { server, release, asked } = await slowServer();
  const client = await clientOf(server.port);
  client.socket.write(REQUEST);
  await until('the first request: running', () => asked() === 1);
  client.socket.write(REQUEST);
  client.socket.write(REQUEST.slice(0, 30));
  const other = await clientOf(server.port);
  other.socket.write(REQUEST);
  await until('a request that came later: running', () => asked() === 2);
  expect(client.received()).toBe('');
  release();
  await until('the second request: running', () => asked() === 3);
  release();
  await until('its answer', () => client.received().endsWith('{"predictions":[3]}'));
  client.socket.write(REQUEST.slice(30));
  await until('the third request: running', () => asked() === 4);
  release();
  await until('its answer', () => client.received().endsWith('{"predictions":[4]}'));
  expect([...client.received().matchAll(/"predictions":\[(\d)\]/g)].map(([, number]) => number)).toEqual(['1', '3', '4']);
});

test('a client that leaves ends its request, which the access log has as 499', async () => {
  const lines: string[] = [];
  const { server, asked, aborted } = await slowServer({ accessLog: (line) => lines.push(line) });
  const client = await clientOf(server.port);
  client.socket.write(REQUEST);
  await until('the request: running', () => asked() === 1);
  client.socket.resetAndDestroy();
  await until('the model: told', () => aborted() === 1);
  expect(lines.map((line) => (JSON.parse(line) as { readonly status: number }).status)).toEqual([499]);
});

test('a server that stops answers what runs, says that it was the last, and ends silent connections', async () => {
  const { server, release, asked } = await slowServer({ shutdownTimeoutSeconds: 20 });
  const idle = await clientOf(server.port);
  idle.socket.write(REQUEST);
  await until('the request: running', () => asked() === 1);
  release();
  await until('its answer', () => idle.received().endsWith('}'));
  const busy = await clientOf(server.port);
  busy.socket.write(REQUEST);
  await until('the next request: running', () => asked() === 2);
  const stopped = server.close();
  await until('the silent connection: closed', () => idle.closed());
  expect(busy.closed()).toBe(false);
  release();
  expect(await stopped).toBe(0);
  await until('the connection: closed', () => busy.closed());
  expect(busy.received()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\nconnection: close\r\nDate: [^]*\r\n\r\n\{"predictions":\[2\]\}$/);
});

test('a request that runs past the time of a stopping server is cut', async () => {
  const { server, asked, aborted } = await slowServer();
  const busy = await clientOf(server.port);
  busy.socket.write(REQUEST);
  await until('the request: running', () => asked() === 1);
  expect(await server.close()).toBe(1);
  await until('the model: told', () => aborted() === 1);
});

/** A fast path alone. */
async function fastPathOf(options: Partial<FastPathOptions>): Promise<{ readonly port: number; readonly path: FastPath }> {
  const path = createFastPath({ answer: () => {}, node: () => {}, patienceMs: 60_000, keepAliveMs: 60_000, maxBodyBytes: 100, ...options });
  const server = createNetServer({ allowHalfOpen: true }, path.accept).listen(0, '127.0.0.1');
  stops.push(() => server.close());
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, path };
}

test('a client that does not take its answer is not asked for more, nor cut while its answer waits', async () => {
  const answer = Buffer.alloc(32 * 2 ** 20, 'a');
  const left: Socket[] = [];
  let asked = 0;
  const { port, path } = await fastPathOf({
    keepAliveMs: 20,
    node: (socket) => left.push(socket),
    answer: (_request, response) => {
      asked++;
      response.writeHead(200, ['content-length', String(answer.length)]).end(answer);
    },
  });
  const client = await clientOf(port);
  client.socket.pause().write(REQUEST);
  await until('the request: answered', () => asked === 1);
  path.closeIdle();
  client.socket.write(REQUEST);
  await until('Node: has the connection', () => left.length === 1);
  expect([asked, left[0]?.destroyed]).toEqual([1, false]);
  client.socket.resume();
  await until('the answer: whole', () => client.received().length > answer.length);
  left[0]?.destroy();
});

test('a silent connection is closed after its time, one with a request that runs is not', async () => {
  const running: WholeResponse[] = [];
  const { port } = await fastPathOf({
    keepAliveMs: 20,
    answer: (request, response) => {
      if (request.url === '/slow') running.push(response);
      else response.writeHead(200, ['content-length', '2']).end('ok');
    },
  });
  const slow = await clientOf(port);
  slow.socket.write(REQUEST.replace(/\/v1\S+/, '/slow'));
  await until('the request: running', () => running.length === 1);
  const quick = await clientOf(port);
  quick.socket.write(REQUEST);
  // Its time began after that of the slow one.
  await until('the silent connection: closed', () => quick.closed());
  expect([quick.received(), slow.closed()]).toEqual([expect.stringMatching(/^HTTP\/1\.1 200 OK\r\n[^]*\r\nok$/), false]);
  running[0]?.writeHead(200, ['content-length', '4']).end('done');
  await until('the other: answered and closed', () => slow.closed());
  expect(slow.received()).toMatch(/\r\ndone$/);
});

test('a connection that never says anything is closed', async () => {
  const { port } = await fastPathOf({ patienceMs: 20 });
  const client = await clientOf(port);
  await until('the connection: closed', () => client.closed());
});

test('an answer cannot be made to hold another by what stands in a header', async () => {
  const failures: unknown[] = [];
  const { port } = await fastPathOf({
    answer: (request, response) => {
      try {
        response.writeHead(200, ['x-a', 'b\r\n\r\nHTTP/1.1 200 OK']);
      } catch (error) {
        failures.push(error);
        request.socket.destroy();
      }
    },
  });
  const client = await clientOf(port);
  client.socket.write(REQUEST);
  await until('the connection: closed', () => client.closed());
  expect([failures, client.received()]).toEqual([[expect.objectContaining({ code: 'ERR_INVALID_CHAR' })], '']);
});
