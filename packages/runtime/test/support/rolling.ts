import { once } from 'node:events';
import { type AddressInfo, type Server, connect, createServer } from 'node:net';
import { ask } from './http';
import { IRIS_SVC, type RuntimeProcess, serveProcess } from './runtime-process';
import { until } from '../../../../test/support/until';

export type Instance = RuntimeProcess & { readonly port: number };

/** Instances of one service, of which clients ask those that are ready. */
export interface Rollout {
  /** Where every new connection gets to a ready one and stays there, as through the address of a Service. */
  readonly port: number;
  /** The ready ones in turn. */
  next(): Instance;
  /** As a rolling update does it: one instance after the other gets a successor. */
  replaceAll(): Promise<void>;
  close(): void;
}

const start = (): Promise<Instance> => serveProcess([`--model_dir=${IRIS_SVC}`, '--drain_delay_seconds=3']);

/** @param between called after each replacement. */
export async function rollout(between: () => Promise<void>): Promise<Rollout> {
  let instances: readonly Instance[] = await Promise.all([start(), start()]);
  let endpoints: readonly Instance[] = instances;
  let turn = 0;
  const next = (): Instance => endpoints[turn++ % endpoints.length] as Instance;
  const address = await connectionsTo(() => next().port);
  return {
    next,
    port: (address.address() as AddressInfo).port,
    close: () => address.close(),
    async replaceAll() {
      for (const old of instances) {
        const others = instances.filter((instance) => instance !== old);
        const fresh = await start();
        endpoints = [...others, old, fresh];
        await stop(old, () => (endpoints = [...others, fresh]));
        instances = [...others, fresh];
        await between();
      }
    },
  };
}

async function connectionsTo(portOfNext: () => number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: portOfNext(), host: '127.0.0.1', allowHalfOpen: true });
    client.pipe(upstream).pipe(client);
    client.on('error', () => {}).on('close', () => upstream.destroy());
    upstream.on('error', () => {}).on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** As the endpoints controller does it: told to stop first, taken out when readiness fails, gone when its process is. */
async function stop(old: Instance, takeOut: () => void): Promise<void> {
  old.child.kill('SIGTERM');
  await until('readiness: fails', () => ask(old.port, '/v2/health/ready').then(({ status }) => status !== 200, () => true));
  takeOut();
  expect(await old.exit).toBe(0);
}
