import { pause } from 'cdk8s-kserve-controller';
import { objectKey } from 'cdk8s-kserve/api';
import type { RevisionLoads } from '../gateway/revision-loads';
import type { ReconcilerContext } from '../reconciling/reconciler';
import { wantedReplicas, type Deployment } from '../workloads/types';
import { revisionDeploymentName } from './revision-pods';
import { decideScale, type ScaleSample } from './scale-decision';
import { scaleSettings } from './scale-settings';
import { statusOf, type Configuration, type Revision, type Route } from './types';

export interface AutoscalerOptions {
  /** @default 1000 */
  readonly tickMs?: number;
  /** The averaging window of revisions that name none. @default 60000, as in Knative */
  readonly windowMs?: number;
}

/** Scales the revisions of Knative Services by the load that the gateway sees, to zero and back. */
export class Autoscaler {
  private readonly context: ReconcilerContext;
  private readonly loads: RevisionLoads;
  private readonly tickMs: number;
  private readonly windowMs: number;
  private readonly samples = new Map<string, ScaleSample[]>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(context: ReconcilerContext, loads: RevisionLoads, options: AutoscalerOptions = {}) {
    this.context = context;
    this.loads = loads;
    this.tickMs = options.tickMs ?? 1000;
    this.windowMs = options.windowMs ?? 60_000;
  }

  start(): void {
    this.loads.onActivate = (key) => void this.wake(key);
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.loads.onActivate = () => undefined;
    await this.running;
  }

  private async run(): Promise<void> {
    const { clock, informers, log } = this.context;
    while (!this.stopping.signal.aborted) {
      await pause(clock, this.tickMs, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      const revisions = informers.list('Revision') as Revision[];
      this.forgetAllBut(new Set(revisions.map((r) => objectKey(r.metadata))));
      await Promise.all(revisions.map((r) => this.tick(r).catch((error: unknown) => log.debug('revision not scaled', { revision: r.metadata.name, error: String(error) }))));
    }
  }

  private async tick(revision: Revision): Promise<void> {
    const key = objectKey(revision.metadata);
    const deployment = this.deploymentOf(key);
    if (!deployment) return;
    const { clock } = this.context;
    const now = clock.now();
    const settings = scaleSettings(revision);
    const windowMs = settings.windowMs ?? this.windowMs;
    const load = this.loads.of(key);
    const seen = load.sample();
    const samples = (this.samples.get(key) ?? []).filter((s) => now - s.at < windowMs);
    samples.push({ at: now, value: settings.metric === 'rps' ? seen.requestsPerSecond : seen.concurrency });
    this.samples.set(key, samples);
    const replicas = decideScale({
      now,
      samples,
      settings,
      windowMs,
      wanted: wantedReplicas(deployment),
      ready: deployment.status?.availableReplicas ?? 0,
      initialized: statusOf(revision, 'Ready') === 'True',
      reachable: this.isReachable(revision),
      activeAt: load.activeAt,
    });
    await this.scale(deployment, replicas);
  }

  /** A request waits: the first pod is started now rather than at the next tick. */
  private async wake(key: string): Promise<void> {
    const deployment = this.deploymentOf(key);
    if (!deployment || wantedReplicas(deployment) > 0) return;
    await this.scale(deployment, 1).catch((error: unknown) => this.context.log.warn('revision not woken', { revision: key, error: String(error) }));
  }

  private async scale(deployment: Deployment, replicas: number): Promise<void> {
    if (wantedReplicas(deployment) === replicas || this.stopping.signal.aborted) return;
    const { api, informers, log } = this.context;
    const { name, namespace = 'default' } = deployment.metadata;
    log.debug('scaling revision', { deployment: name, from: wantedReplicas(deployment), to: replicas });
    informers.observe('Deployment', await api.mergePatch({ apiVersion: 'apps/v1', kind: 'Deployment', name, namespace }, { spec: { replicas } }));
  }

  private deploymentOf(revisionKey: string): Deployment | undefined {
    return this.context.informers.get('Deployment', revisionDeploymentName(revisionKey)) as Deployment | undefined;
  }

  /** A route names it, or it is the newest of its configuration and on its way there. */
  private isReachable(revision: Revision): boolean {
    const { name, namespace = 'default' } = revision.metadata;
    const routes = this.context.informers.inNamespace('Route', namespace) as Route[];
    if (routes.some((r) => r.status?.traffic?.some((t) => t.revisionName === name))) return true;
    const configurations = this.context.informers.inNamespace('Configuration', namespace) as Configuration[];
    return configurations.some((c) => c.status?.latestCreatedRevisionName === name && c.status.latestReadyRevisionName !== name);
  }

  private forgetAllBut(known: ReadonlySet<string>): void {
    for (const key of this.samples.keys()) {
      if (known.has(key)) continue;
      this.samples.delete(key);
      this.loads.forget(key);
    }
  }
}
