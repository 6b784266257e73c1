import { AuditedCluster } from './audited-cluster';
import { countBy, isWrite, type AuditedRequest } from './audit-log';
import type { Contender } from './contenders';
import { RunningController } from './running-controller';
import { until } from '../support/until';
import { anythingLeft, children, inParallel, isRolling, makeAvailable, NAMESPACE, numbers, readyServices, runtime, service, serviceRef } from './workload';

export interface LifeOptions {
  readonly services: number;
  /** Unrelated Secrets, which a controller must not keep in memory. */
  readonly secrets: number;
  /** How many services wait behind Gateway API for their pods; none where its CRD is not there. */
  readonly waiting: number;
}

/** Figures by what was measured; the unit is in the name. */
export type Figures = ReadonlyMap<string, number>;

const IDLE_MS = 10_000;
/** What each raw service has from the start; its route may come when it is ready. */
const CHILDREN: readonly string[] = ['deployments', 'services', 'horizontalpodautoscalers'];

/** Takes one controller through the life of many raw services on a control plane of its own. */
export async function measureLife(contender: Contender, options: LifeOptions): Promise<Figures> {
  const cluster = await AuditedCluster.start();
  try {
    return await new ServiceLife(contender, cluster, options).measure();
  } finally {
    await cluster.stop();
  }
}

class ServiceLife {
  private readonly contender: Contender;
  private readonly cluster: AuditedCluster;
  private readonly options: LifeOptions;
  private readonly figures = new Map<string, number>();
  private seen = 0;

  constructor(contender: Contender, cluster: AuditedCluster, options: LifeOptions) {
    this.contender = contender;
    this.cluster = cluster;
    this.options = options;
  }

  async measure(): Promise<Figures> {
    const { api } = this.cluster;
    for (const name of [NAMESPACE, 'elsewhere']) await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const value = Buffer.alloc(1024, 'x').toString('base64');
    await inParallel(numbers(this.options.secrets), (i) => api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: `secret-${i}`, namespace: 'elsewhere' }, data: { value } }));
    const command = await this.contender.install(this.cluster, 'Ingress');
    let controller = await RunningController.start(this.cluster, command);
    try {
      await api.create(runtime('1'));
      await this.settled(controller);
      this.take();
      await this.creation(controller);
      await this.readiness(controller);
      this.note('resident memory at all services, MiB', controller.residentMib());
      await pause(IDLE_MS);
      this.note('writes in 10 s of idleness, all ready', this.take().length);
      await controller.stop();
      controller = await RunningController.start(this.cluster, command);
      await this.restart(controller);
      await this.edit(controller);
      await this.deletion(controller);
      await controller.stop();
      if (this.options.waiting > 0) {
        controller = await RunningController.start(this.cluster, await this.contender.install(this.cluster, 'HTTPRoute'));
        await this.waiting(controller);
      }
    } finally {
      await controller.stop();
    }
    return this.figures;
  }

  private async creation(controller: RunningController): Promise<void> {
    const cpu = controller.cpuMs();
    const began = Date.now();
    const from = this.seen;
    await inParallel(numbers(this.options.services), (i) => this.cluster.api.create(service(i)));
    await until('all children are there', () => this.made(from).length >= this.options.services * CHILDREN.length);
    this.note('all children there, s', (last(this.made(from)) - began) / 1000);
    await this.settled(controller);
    this.perService('creation', controller.cpuMs() - cpu);
  }

  private async readiness(controller: RunningController): Promise<void> {
    const { api, audit } = this.cluster;
    const cpu = controller.cpuMs();
    const began = Date.now();
    await inParallel(await children(api, 'Deployment'), (deployment) => makeAvailable(api, deployment));
    await until('all services are ready', async () => (await readyServices(api)) === this.options.services);
    this.note('all ready after their pods, s', (last(audit.requests().filter(({ resource }) => resource === 'inferenceservices/status')) - began) / 1000);
    await this.settled(controller);
    this.perService('becoming ready', controller.cpuMs() - cpu);
  }

  private async restart(controller: RunningController): Promise<void> {
    this.note('restart to quiet, s', ((await controller.quiet()) - controller.startedAt) / 1000);
    this.note('writes at a restart', this.take().length);
  }

  /** An edit of the runtime that all use; pods follow as soon as the controller rests. */
  private async edit(controller: RunningController): Promise<void> {
    const { api } = this.cluster;
    await api.apply(runtime('2'), { fieldManager: 'bench', force: true });
    let atOnce = 0;
    let rolled = 0;
    while (rolled < this.options.services) {
      await controller.quiet();
      const rolling = (await children(api, 'Deployment')).filter(isRolling);
      if (rolling.length === 0) throw new Error(`only ${rolled} of ${this.options.services} services follow the runtime`);
      atOnce = Math.max(atOnce, rolling.length);
      rolled += rolling.length;
      await inParallel(rolling, (deployment) => makeAvailable(api, deployment));
    }
    await this.settled(controller);
    this.note('Deployments that an edit of their runtime changes at once', atOnce);
    this.writesPerService('following that edit');
  }

  private async deletion(controller: RunningController): Promise<void> {
    const began = Date.now();
    await inParallel(numbers(this.options.services), (i) => this.cluster.api.delete(serviceRef(i)));
    await until('nothing is left', async () => !(await anythingLeft(this.cluster.api)) && (await readyServices(this.cluster.api)) === 0);
    this.note('deleted, nothing left, s', (Date.now() - began) / 1000);
    await this.settled(controller);
    this.writesPerService('deletion');
  }

  /** Services behind Gateway API whose pods never come. */
  private async waiting(controller: RunningController): Promise<void> {
    const from = this.seen;
    await inParallel(numbers(this.options.waiting), (i) => this.cluster.api.create(service(i)));
    await until('all children are there', () => this.made(from).length >= this.options.waiting * CHILDREN.length);
    await controller.quiet(30_000);
    this.take();
    const cpu = controller.cpuMs();
    await pause(IDLE_MS);
    this.note(`writes a second, ${this.options.waiting} services not ready behind Gateway API`, this.take().length / (IDLE_MS / 1000));
    this.note('CPU meanwhile, % of a core', ((controller.cpuMs() - cpu) / IDLE_MS) * 100);
  }

  private perService(what: string, cpuMs: number): void {
    const from = this.seen;
    const writes = this.writesPerService(what);
    this.note(`other requests per service, ${what}`, (this.seen - from - writes) / this.options.services);
    this.note(`CPU per service, ${what}, ms`, cpuMs / this.options.services);
  }

  private writesPerService(what: string): number {
    const writes = this.take();
    this.note(`writes per service, ${what}`, writes.length / this.options.services);
    console.log(`    ${countBy(writes)}`);
    return writes.length;
  }

  /** Children that came since so many requests. */
  private made(from: number): readonly AuditedRequest[] {
    return this.cluster.audit.requests().slice(from).filter(({ code, resource }) => code === 201 && CHILDREN.includes(resource));
  }

  private async settled(controller: RunningController): Promise<void> {
    const limit = Date.now() + 300_000;
    if ((await controller.quiet()) > limit - 1_000) console.log('    not quiet after 300 s');
  }

  /** The writes since the last call. */
  private take(): readonly AuditedRequest[] {
    const all = this.cluster.audit.requests();
    const fresh = all.slice(this.seen);
    this.seen = all.length;
    return fresh.filter(isWrite);
  }

  private note(what: string, value: number): void {
    this.figures.set(what, value);
    console.log(`  ${what.padEnd(68)} ${value.toFixed(1)}`);
  }
}

function last(requests: readonly AuditedRequest[]): number {
  return requests.reduce((at, request) => Math.max(at, request.at), 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
