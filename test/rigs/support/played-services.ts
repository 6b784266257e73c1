import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { objectKey, type KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';
import type { OwnNetwork } from './own-network';
import { playDns } from './played-dns';
import { repeat } from './repeat';

const SERVICES = { apiVersion: 'v1', kind: 'Service', plural: 'services', namespaced: true };
const ENDPOINTS = { apiVersion: 'v1', kind: 'Endpoints', plural: 'endpoints', namespaced: true };

interface Service extends KubeObject {
  readonly spec: { readonly clusterIP?: string; readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}

interface Endpoints extends KubeObject {
  readonly subsets?: readonly { readonly addresses?: readonly { readonly ip: string }[]; readonly ports?: readonly { readonly name?: string; readonly port: number }[] }[];
}

export interface Backend {
  readonly host: string;
  readonly port: number;
}

/** Plays what makes Services of a cluster work: their names, and their addresses, which lead to whoever is behind them. */
export interface PlayedServices {
  /** One of the endpoints behind a port of a Service, each in its turn; undefined while there is none. */
  backend(namespace: string, name: string, port: number): Backend | undefined;
  stop(): Promise<void>;
}

export async function playServices(api: KubeApi, { dns }: OwnNetwork): Promise<PlayedServices> {
  let services = new Map<string, Service>();
  let endpoints = new Map<string, Endpoints>();
  let turn = 0;
  const listeners = new Map<string, Passage>();

  const backend = (namespace: string, name: string, port: number): Backend | undefined => {
    const key = `${namespace}/${name}`;
    const wanted = services.get(key)?.spec.ports?.find((p) => p.port === port);
    const backends = wanted && (endpoints.get(key)?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
      ports.filter((p) => p.name === wanted.name).flatMap((p) => addresses.map(({ ip }) => ({ host: ip, port: p.port }))));
    return backends?.[turn++ % backends.length];
  };

  /** Opens the addresses of new Services, and closes those of Services that are gone. */
  const follow = async (): Promise<void> => {
    [services, endpoints] = await Promise.all([all<Service>(SERVICES), all<Endpoints>(ENDPOINTS)]);
    const wanted = new Map([...services.values()].flatMap(({ metadata: { namespace = '', name }, spec: { clusterIP = 'None', ports = [] } }) =>
      (clusterIP === 'None' || clusterIP === '' ? [] : ports.map(({ port }) => [`${clusterIP}:${port}` as string, { clusterIP, port, pick: () => backend(namespace, name, port) }] as const))));
    for (const [at, { clusterIP, port, pick }] of wanted) if (!listeners.has(at)) listeners.set(at, await pass(clusterIP, port, pick));
    for (const [at, passage] of listeners) {
      if (wanted.has(at)) continue;
      listeners.delete(at);
      passage.close();
    }
  };

  async function all<T extends KubeObject>(resource: typeof SERVICES): Promise<Map<string, T>> {
    return new Map((await api.list(resource)).items.map((object) => [objectKey(object.metadata), object as T]));
  }

  await follow();
  const loop = repeat(follow);
  const names = await playDns(dns, (asked) => {
    const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/.exec(asked) ?? [];
    return services.get(`${namespace}/${name}`)?.spec.clusterIP;
  });
  return {
    backend,
    stop: async () => {
      await names.stop();
      await loop.stop();
      for (const passage of listeners.values()) passage.close();
    },
  };
}

export interface Passage {
  readonly port: number;
  /** Ends the connections, too. */
  close(): void;
}

/**
 * Hands connections to an address on to a backend, as they come.
 *
 * @param port 0 for a free one
 */
export async function pass(address: string, port: number, pick: () => Backend | undefined): Promise<Passage> {
  const callers = new Set<Socket>();
  const server = createServer((caller) => {
    callers.add(caller);
    caller.once('close', () => callers.delete(caller));
    const backend = pick();
    if (!backend) return void caller.resetAndDestroy();
    const callee = connect(backend);
    caller.on('error', () => undefined).once('close', () => callee.destroy());
    callee.on('error', () => undefined).once('close', () => caller.destroy());
    caller.pipe(callee).pipe(caller);
  }).listen(port, address);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const caller of callers) caller.destroy();
    },
  };
}
