import { Agent, createServer, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { InferenceClient } from '../../src/client/index';
import { ask } from '../support/http';
import { IRIS_SVC, type RuntimeProcess, serveProcess } from '../support/runtime-process';
import { until } from '../support/until';

type Instance = RuntimeProcess & { readonly port: number };

/** What a Service with its endpoints does: requests go in turn to the instances that say they are ready. */
async function gateway(instances: readonly Instance[]): Promise<{ readonly url: string; use(next: readonly Instance[]): void; close(): void }> {
  let endpoints = instances;
  let turn = 0;
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const { port } = endpoints[turn++ % endpoints.length] as Instance;
    const upstream = httpRequest({ port, host: '127.0.0.1', path: incoming.url, method: incoming.method, headers: incoming.headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.once('error', (error) => {
      outgoing.writeHead(502).end(error.message);
    });
    incoming.pipe(upstream);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use: (next) => (endpoints = next),
    close: () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

const start = (): Promise<Instance> => serveProcess([`--model_dir=${IRIS_SVC}`, '--drain_delay_seconds=1']);

/** As the endpoints controller does it: told to stop first, taken out when readiness fails, gone when its process is. */
async function replace(old: Instance, others: readonly Instance[], use: (next: readonly Instance[]) => void): Promise<Instance> {
  const fresh = await start();
  use([...others, old, fresh]);
  old.child.kill('SIGTERM');
  let ready = true;
  await until('readiness: fails', () => {
    void ask(old.port, '/v2/health/ready').then(({ status }) => (ready = status === 200), () => (ready = false));
    return !ready;
  });
  use([...others, fresh]);
  expect(await old.exit).toBe(0);
  return fresh;
}

test('two instances are replaced one after the other under load, and no request fails', async () => {
  const [first, second] = await Promise.all([start(), start()]);
  const { url, use, close } = await gateway([first, second]);
  const client = new InferenceClient({ url, retries: 0, timeoutMs: 10_000 });
  let loading = true;
  let answered = 0;
  const failures: string[] = [];
  const load = Array.from({ length: 8 }, async () => {
    while (loading) {
      await client.predict('sk', [[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6]]).then(
        ({ predictions }) => (String(predictions) === '1,1' ? answered++ : failures.push(`predicted ${String(predictions)}`)),
        (error: Error) => failures.push(error.message),
      );
    }
  });
  try {
    await until('requests: flow', () => answered > 50);
    const third = await replace(first, [second], use);
    const between = answered;
    await replace(second, [third], use);
    await until('requests: flow after the last stop', () => answered > between + 50);
  } finally {
    loading = false;
    await Promise.all(load);
    client.close();
    close();
  }
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(150);
});
