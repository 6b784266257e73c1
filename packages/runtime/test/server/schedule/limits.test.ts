import { type CustomModel, type RunningServer, type ServerOptions, createServer } from '../../../src/index';
import { ask } from '../../support/http';
import { until } from '../../../../../test/support/until';

const servers: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A model that answers when the test lets it, and tells whether a request was given up. */
async function slowServer(options: Partial<ServerOptions>): Promise<{ readonly port: number; readonly release: () => void; readonly asked: () => number; readonly aborted: () => number }> {
  const waiting: (() => void)[] = [];
  let asked = 0;
  let aborted = 0;
  const own: CustomModel = {
    predict: (_payload, { signal }) => {
      asked++;
      signal?.addEventListener('abort', () => aborted++);
      return new Promise((resolve) => waiting.push(() => resolve({ predictions: [1] })));
    },
  };
  const server = await createServer({ models: { own }, shutdownTimeoutSeconds: 0.2, ...options });
  servers.push(server);
  return { port: server.port, release: () => waiting.splice(0).forEach((go) => go()), asked: () => asked, aborted: () => aborted };
}

const predict = (port: number, headers: Record<string, string> = {}): ReturnType<typeof ask> => ask(port, '/v1/models/own:predict', { body: '{"instances":[1]}', headers });

test('beyond concurrency and queue a request is 503 with Retry-After, and probes are answered', async () => {
  const { port, release, asked } = await slowServer({ queue: { concurrency: 1, limit: 1 } });
  const first = predict(port);
  await until('the first request: running', () => asked() === 1);
  const second = predict(port);
  let refused = await predict(port, { 'x-request-timeout-ms': '50' });
  // The second may come after the third, which then waits for its 50 ms.
  if (refused.status === 504) refused = await predict(port);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await ask(port, '/v2/health/live')).status).toBe(200);
  release();
  await until('the second request: running', () => asked() === 2);
  release();
  expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([200, 200]);
  expect((await ask(port, '/metrics')).text).toMatch(/^isvc_queue_wait_seconds_count 1$/m);
});

test.each([
  ['the flag', { requestTimeoutSeconds: 0.05 }, {}],
  ['a header', {}, { 'x-request-timeout-ms': '50' }],
  ['a gateway\'s header', {}, { 'x-envoy-expected-rq-timeout-ms': '50' }],
  ['a header below the flag', { requestTimeoutSeconds: 60 }, { 'x-request-timeout-ms': '50' }],
  ['a header that asks for more than the flag', { requestTimeoutSeconds: 0.05 }, { 'x-request-timeout-ms': '60000' }],
])('a request past its deadline by %s is 504, and the model is told', async (_what, options, headers) => {
  const { port, aborted } = await slowServer(options);
  const answer = await predict(port, headers);
  expect([answer.status, answer.json()]).toEqual([504, { error: 'The request was not answered within its 50 ms.' }]);
  await until('the model: told', () => aborted() === 1);
});

test('a client that leaves is told to the model', async () => {
  const { port, asked, aborted } = await slowServer({});
  const controller = new AbortController();
  const left = fetch(`http://127.0.0.1:${port}/v1/models/own:predict`, { method: 'POST', body: '{"instances":[1]}', signal: controller.signal }).catch(() => 'left');
  await until('the request: running', () => asked() === 1);
  controller.abort();
  expect(await left).toBe('left');
  await until('the model: told', () => aborted() === 1);
});

test('a deadline that is no number counts as none', async () => {
  const { port, release, asked } = await slowServer({});
  const answer = predict(port, { 'x-request-timeout-ms': '-1' });
  await until('the request: running', () => asked() === 1);
  release();
  expect((await answer).status).toBe(200);
});
