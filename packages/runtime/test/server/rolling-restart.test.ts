import { once } from 'node:events';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { InferenceClient } from '../../src/client/index';
import { type Inference, askGrpc, connectGrpc } from '../support/grpc';
import { type Rollout, rollout } from '../support/rolling';
import { until } from '../../../../test/support/until';

const ROWS = [[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6]];
const MESSAGE = { model_name: 'sk', inputs: [{ name: 'input-0', datatype: 'FP64', shape: [2, 4], contents: { fp64_contents: ROWS.flat() } }] };
const ANSWER = { outputs: [{ contents: { int64_contents: [1, 1] } }] };
const CLIENTS = 8;
const UNAVAILABLE = 14;

/** Clients that ask one thing after the other, without retries, while all instances are replaced. */
async function underLoad(ask: (rollout: Rollout, client: number) => Promise<void>): Promise<void> {
  let answered = 0;
  let loading = true;
  const failures: string[] = [];
  const flow = async (): Promise<void> => {
    const before = answered;
    await until('requests: flow', () => answered > before + 50 || failures.length > 0);
  };
  const service = await rollout(flow);
  const load = Array.from({ length: CLIENTS }, async (_, client) => {
    // After a failure, what a stopped server refuses at once would keep the loop, and so this process, from anything else.
    while (loading && failures.length === 0) await ask(service, client).then(() => answered++, (error: Error) => failures.push(error.message));
  });
  try {
    await flow();
    await service.replaceAll();
  } finally {
    loading = false;
    await Promise.all(load);
    service.close();
  }
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(150);
}

function assertAnswer(answer: unknown): void {
  expect(answer).toMatchObject(ANSWER);
}

test('no request of HTTP/1.1 fails behind a gateway that keeps its connections', async () => {
  let use: Rollout | undefined;
  const agent = new Agent({ keepAlive: true });
  const gateway = createServer((incoming, outgoing) => {
    const upstream = httpRequest({ port: use?.next().port, host: '127.0.0.1', path: incoming.url, method: incoming.method, headers: incoming.headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.once('error', (error) => {
      outgoing.writeHead(502).end(error.message);
    });
    incoming.pipe(upstream);
  }).listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  const client = new InferenceClient({ url: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`, retries: 0 });
  try {
    await underLoad(async (service) => {
      use = service;
      expect((await client.predict('sk', ROWS)).predictions).toEqual([1, 1]);
    });
  } finally {
    client.close();
    agent.destroy();
    gateway.closeAllConnections();
    gateway.close();
  }
});

test('no request of HTTP/2 fails, with many on a connection to each instance', async () => {
  const sessions = new Map<number, ClientHttp2Session>();
  const sessionTo = (port: number): ClientHttp2Session => {
    const open = sessions.get(port);
    if (open && !open.closed && !open.destroyed) return open;
    const session = connect(`http://127.0.0.1:${port}`).on('error', () => {});
    sessions.set(port, session);
    return session;
  };
  try {
    await underLoad(async (service) => expect(await post(sessionTo(service.next().port), '/v1/models/sk:predict', JSON.stringify({ instances: ROWS }))).toBe('{"predictions":[1,1]}'));
  } finally {
    for (const session of sessions.values()) session.destroy();
  }
});

/** What a client may send again whatever it was: the server has not looked at it (RFC 9113, 8.7). */
const REFUSED = 'NGHTTP2_REFUSED_STREAM';

test('clients of HTTP/2 that keep to an instance until it sends them away get an answer or a refusal that says to ask again', async () => {
  const sessions: ClientHttp2Session[] = [];
  await underLoad(async (service, client) => {
    const asked = async (): Promise<string> => {
      const kept = sessions[client];
      const session = kept && !kept.closed && !kept.destroyed ? kept : (sessions[client] = connect(`http://127.0.0.1:${service.port}`).on('error', () => {}));
      try {
        return await post(session, '/v1/models/sk:predict', JSON.stringify({ instances: ROWS }));
      } catch (error) {
        if (!(error as Error).message.includes(REFUSED)) throw error;
        return asked();
      }
    };
    expect(await Promise.all(Array.from({ length: 5 }, asked))).toEqual(Array(5).fill('{"predictions":[1,1]}'));
  });
  for (const session of sessions) session.destroy();
});

test.each([
  ['that follow the endpoints', ({ next }: Rollout) => next().port],
  ['that keep to an instance until it sends them away', ({ port }: Rollout) => port],
])('no call of gRPC fails of clients %s', async (_, portOf) => {
  const connected = new Map<string, Inference>();
  await underLoad(async (service, client) => {
    const port = portOf(service);
    const key = `${client} ${port}`;
    const channel = connected.get(key) ?? connectGrpc(port);
    connected.set(key, channel);
    assertAnswer(await askGrpc(channel, 'ModelInfer', MESSAGE));
  });
});

test('a stream of gRPC ends with UNAVAILABLE between two messages, and none that was sent is answered twice or lost', async () => {
  const open = new Map<number, Stream>();
  let numbers = 0;
  let ended = 0;
  await underLoad(async (service, client) => {
    const id = String(numbers++);
    for (let attempt = 0; attempt < 10_000; attempt++) {
      const stream = open.get(client) ?? streamTo(service.port);
      open.set(client, stream);
      const answer = await stream.ask({ ...MESSAGE, id });
      if (answer !== UNAVAILABLE) {
        assertAnswer(answer);
        expect(answer).toMatchObject({ id });
        return;
      }
      ended++;
      open.delete(client);
    }
    throw new Error('no instance takes the stream');
  });
  for (const { close } of open.values()) close();
  expect(ended).toBeGreaterThanOrEqual(CLIENTS);
});

interface Stream {
  /** @returns the answer, or the status with which the stream ended instead. */
  ask(message: object): Promise<unknown>;
  close(): void;
}

function streamTo(port: number): Stream {
  const call = connectGrpc(port).ModelStreamInfer() as unknown as ClientDuplexStream<object, object>;
  let settle: (answer: unknown) => void = () => {};
  let status: number | undefined;
  call.on('data', ({ infer_response: answer, error_message: error }: { readonly infer_response: unknown; readonly error_message?: string }) => settle(error || answer));
  call.on('error', ({ code }: { readonly code: number }) => settle((status = code)));
  return {
    ask: (message) => new Promise((resolve) => {
      if (status !== undefined) return resolve(status);
      settle = resolve;
      call.write(message);
    }),
    close: () => call.cancel(),
  };
}

function post(session: ClientHttp2Session, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path });
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('error', reject).on('close', () => resolve(text)).end(body);
  });
}
