import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from 'cdk8s-kserve-controller';
import { IsvcError, type KubeObject } from 'cdk8s-kserve/api';
import type { InformerSet, WatchedKind } from '../reconciling/informer-set';
import type { Service } from '../workloads/endpoints';
import { Backends } from './backends';
import { compileHttpRoute } from './compile-http-route';
import { compileKnativeRoute, type KnativeRoute, type Revision } from './compile-knative-route';
import { compileService } from './compile-service';
import { Doors } from './doors';
import { Handovers } from './handovers';
import type { HttpRoute } from './http-route';
import { Proxy } from './proxy';
import { refuse } from './refusal';
import { RevisionLoads } from './revision-loads';
import { hostOf, RouteTable, type RankedRule } from './route-table';

export interface GatewayOptions {
  readonly informers: InformerSet;
  /** 0 takes a free one. @default 0 */
  readonly port?: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** Domain of Knative hosts: `<service>.<namespace>.<domain>`. */
  readonly domain: string;
  readonly clock?: Clock;
  /** @default 60000 */
  readonly activationTimeoutMs?: number;
}

const ROUTE_KINDS: readonly WatchedKind[] = ['HTTPRoute', 'Route', 'Revision', 'Service'];

/** One HTTP port in front of everything: routes by host and path to the pods of this machine. */
export class Gateway {
  /** What the autoscaler of Knative revisions looks at. */
  readonly loads: RevisionLoads;
  private readonly options: GatewayOptions;
  private readonly server: Server;
  private readonly proxy: Proxy;
  private readonly backends: Backends;
  private readonly unsubscribe: readonly (() => void)[];
  private readonly clock: Clock;
  private readonly handovers: Handovers;
  private readonly doors = new Doors((request, response) => this.handle(request, response));
  private table = new RouteTable();
  /** Of which route, by its uid, each host is. */
  private owners: ReadonlyMap<string, string> = new Map();
  /** When the first change came that the table does not have; undefined while it has them all. */
  private staleSince: number | undefined = 0;

  constructor(options: GatewayOptions) {
    const { informers, clock = systemClock } = options;
    this.options = options;
    this.clock = clock;
    this.handovers = new Handovers(clock);
    this.loads = new RevisionLoads(clock);
    this.backends = new Backends(informers, clock);
    this.proxy = new Proxy({ clock, activationTimeoutMs: options.activationTimeoutMs ?? 60_000 });
    this.server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request, response) => this.handle(request, response));
    // Routes change in bursts; the next request finds out once.
    this.unsubscribe = ROUTE_KINDS.map((kind) => informers.onChange(kind, () => this.changed()));
  }

  /** The port it listens on. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @throws IsvcError ISVC_LOCAL_PORT_IN_USE */
  async listen(): Promise<void> {
    const { port = 0, host = '127.0.0.1' } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? portTaken(port, error) : error));
      this.server.listen(port, host, resolve);
    });
  }

  async stop(): Promise<void> {
    for (const stop of this.unsubscribe) stop();
    const closed = new Promise<void>((resolve) => (this.server.listening ? this.server.close(() => resolve()) : resolve()));
    this.server.closeAllConnections();
    this.proxy.close();
    await Promise.all([closed, this.doors.close()]);
  }

  /** `127.0.0.1:PORT` where a name inside the cluster answers, for processes that cannot resolve it. */
  doorTo(name: string): Promise<string> {
    return this.doors.to(name);
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.staleSince !== undefined) this.rebuild(this.staleSince);
    const host = hostOf(request.headers.host);
    const rule = this.table.find(host, { path: request.url ?? '/', method: request.method ?? 'GET', headers: request.headers });
    const patienceMs = this.handovers.patienceMs(host);
    if (rule === 'no-host' && patienceMs > 0) return this.handovers.wait(patienceMs, () => (response.destroyed ? undefined : this.handle(request, response)));
    if (rule === 'no-host') return refuse(response, 404, { error: `no route for host ${JSON.stringify(host)}; send one of these as the Host header`, hosts: this.table.hosts });
    if (rule === 'no-rule') return refuse(response, 404, { error: `host ${JSON.stringify(host)} has no rule for ${request.method} ${request.url}` });
    if (rule.broken !== undefined) return refuse(response, 500, { error: rule.broken });
    return this.proxy.handle(request, response, patienceMs > 0 ? { ...rule, patienceMs } : rule);
  }

  private changed(): void {
    this.staleSince ??= this.clock.now();
    this.handovers.changed();
  }

  private rebuild(changedAt: number): void {
    this.staleSince = undefined;
    const { informers, domain } = this.options;
    const table = new RouteTable();
    const owners = new Map<string, string>();
    const add = (host: string, rules: readonly RankedRule[], { metadata }: KubeObject): void => {
      table.add(host, rules);
      owners.set(host, metadata.uid ?? '');
    };
    const service = (key: string): Service | undefined => informers.get('Service', key) as Service | undefined;
    // The Gateway API gives the oldest route precedence where two claim the same.
    for (const route of [...informers.list('HTTPRoute')].sort(byAge) as HttpRoute[]) {
      const { hosts, rules } = compileHttpRoute(route, { backends: this.backends, service });
      for (const host of hosts) add(host, rules, route);
    }
    for (const route of informers.list('Route') as KnativeRoute[]) {
      const revision = (key: string): Revision | undefined => informers.get('Revision', key) as Revision | undefined;
      for (const { host, rule } of compileKnativeRoute(route, { backends: this.backends, loads: this.loads, domain, revision })) add(host, [rule], route);
    }
    for (const item of informers.list('Service') as Service[]) {
      for (const { host, rule } of compileService(item, this.backends)) if (!table.has(host)) add(host, [rule], item);
    }
    this.handovers.began([...this.owners.keys()].filter((host) => owners.get(host) !== this.owners.get(host)), changedAt);
    this.owners = owners;
    this.table = table;
  }
}

function byAge(a: KubeObject, b: KubeObject): number {
  const age = (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '');
  return age !== 0 ? age : `${a.metadata.namespace}/${a.metadata.name}`.localeCompare(`${b.metadata.namespace}/${b.metadata.name}`);
}

function portTaken(port: number, cause: Error): IsvcError {
  return new IsvcError('ISVC_LOCAL_PORT_IN_USE', `port ${port} of this machine is taken or not allowed`, { hint: 'stop what listens there, or give another port with --port', cause });
}
