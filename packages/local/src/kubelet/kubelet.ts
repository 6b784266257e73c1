import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { silentLog, systemClock, type BackoffOptions, type Clock, type KubeApi, type Log } from 'cdk8s-kserve-controller';
import { objectKey, type KubeObject } from 'cdk8s-kserve/api';
import { standardImages, type ImageEntry } from './images';
import type { InformerSet } from '../reconciling/informer-set';
import type { Reach } from './in-cluster-hosts';
import type { ContainerLogLine, KubeletContext } from './kubelet-context';
import type { LogRing } from './log-ring';
import { NODE_NAME, registerNode } from './node';
import { isPodReady, isTerminating, type Pod } from './pod';
import { PodEvents } from './pod-events';
import type { PodNetworks } from './pod-network';
import { gracePeriodMs, PodRunner } from './pod-runner';
import { PodWriter, type BindBy } from './pod-writer';
import { makeWorkFolder, sweepWorkFolders } from './work-folder';

export interface KubeletOptions {
  readonly api: KubeApi;
  /** Where pods are watched; whoever made it starts it. */
  readonly informers: InformerSet;
  /** @default - our images and the upstream ones that they replace */
  readonly images?: readonly ImageEntry[];
  /** Model sources that folders of this machine stand for, e.g. `{'pvc://iris-models': '/abs/folder'}`. @default - none */
  readonly sourceMap?: Readonly<Record<string, string>>;
  /** IP address that pods and the node say they have. @default '127.0.0.1' */
  readonly address?: string;
  /** @default - pods share this machine's network, their ports moved to free ones */
  readonly podNetworks?: PodNetworks;
  /** Where other services of the cluster answer on this machine. @default - their names stay as they are */
  readonly reach?: Reach;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Receives each line that a container writes. @default - lines are only kept for `logs` */
  readonly onLog?: ((line: ContainerLogLine) => void) | undefined;
  /** @default 200 ms doubling to 10 s */
  readonly restartBackoff?: BackoffOptions;
  /** How long a pod that serves goes on after it was deleted, so that gateways learn of it first. @default 100 */
  readonly drainMs?: number;
  /** How a pod is given to this node. @default 'patch' */
  readonly bindBy?: BindBy;
}

/** Runs the pods of an API server as processes of this machine, and is the scheduler that gives them to itself. */
export class Kubelet {
  private readonly options: KubeletOptions;
  private readonly context: Omit<KubeletContext, 'folder'>;
  private readonly runners = new Map<string, PodRunner>();
  /** Of pods that are on their way out. */
  private readonly endings = new Map<Promise<void>, PodRunner | undefined>();
  private readonly drainMs: number;
  private unsubscribe: (() => void) | undefined;
  private folder = '';
  private stopped = false;
  private sweeping: Promise<void> = Promise.resolve();
  private registering: Promise<void> = Promise.resolve();
  private readonly onProcessExit = (): void => this.killNow();

  constructor(options: KubeletOptions) {
    const { images = standardImages(), sourceMap = {}, address = '127.0.0.1', clock = systemClock, log = silentLog } = options;
    const said = new Set<string>();
    this.options = options;
    this.drainMs = options.drainMs ?? 100;
    this.context = {
      clock,
      log,
      images,
      sourceMap,
      address,
      podNetworks: options.podNetworks,
      reach: options.reach,
      restartBackoff: options.restartBackoff ?? { baseMs: 200, maxMs: 10_000 },
      onLog: options.onLog,
      onSubstitution: (note) => {
        if (said.has(note)) return;
        said.add(note);
        log.info(note);
      },
    };
  }

  /** Begins to run every pod that the informers tell of. */
  async start(): Promise<void> {
    this.folder = await makeWorkFolder();
    this.sweeping = sweepWorkFolders();
    this.registering = this.register();
    if (this.stopped) {
      await rm(this.folder, { recursive: true, force: true });
      return;
    }
    process.once('exit', this.onProcessExit);
    this.unsubscribe = this.options.informers.onChange('Pod', (change) =>
      change.type === 'deleted' ? this.podGone(change.object) : this.podSeen(change.object as Pod),
    );
  }

  /** The log of a container of a pod that is known here. */
  logs(namespace: string, pod: string, container: string): LogRing | undefined {
    return this.runners.get(`${namespace}/${pod}`)?.logs(container);
  }

  /** Process ids of all containers that run now. */
  get pids(): readonly number[] {
    return [...this.runners.values(), ...this.endings.values()].flatMap((runner) => runner?.pids ?? []);
  }

  /** Stops every process that was started and removes every file; pods stay in the API server as they are. */
  async stop(graceMs = 2000): Promise<void> {
    this.stopped = true;
    this.unsubscribe?.();
    // Pods that were deleted before have grace periods of their own, longer ones as a rule.
    const hurry = this.context.clock.after(graceMs, () => {
      for (const runner of this.endings.values()) runner?.kill();
    });
    await Promise.all([this.sweeping, this.registering, ...[...this.runners.values()].map((runner) => runner.stop(graceMs)), ...this.endings.keys()]);
    hurry();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
    process.off('exit', this.onProcessExit);
  }

  /** This process ends without a stop, by an exception say: all that can be done in its last moment. */
  private killNow(): void {
    for (const pid of this.pids) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async register(): Promise<void> {
    const { address, clock, log } = this.context;
    // Nothing here depends on the node object, so its absence stops nobody.
    await registerNode(this.options.api, address, clock.now()).catch((error: unknown) => log.warn('node not registered', { error: String(error) }));
  }

  private podSeen(pod: Pod): void {
    const key = objectKey(pod.metadata);
    const runner = this.runners.get(key);
    if (runner && runner.pod.metadata.uid !== pod.metadata.uid) {
      this.podGone(runner.pod);
      this.podSeen(pod);
    } else if (isTerminating(pod)) {
      this.retire(key, pod, true);
    } else if (!runner && !this.stopped && isOurs(pod)) {
      this.runners.set(key, this.startRunner(pod));
    }
  }

  /** Removed without a grace period, or by someone who does not wait for us. */
  private podGone(pod: KubeObject): void {
    this.retire(objectKey(pod.metadata), pod as Pod, false);
  }

  private retire(key: string, pod: Pod, remove: boolean): void {
    const runner = this.runners.get(key);
    const ours = runner?.pod.metadata.uid === pod.metadata.uid;
    if (!ours && !(remove && isOurs(pod))) return;
    if (ours) this.runners.delete(key);
    const ending = this.end(pod, ours ? runner : undefined, remove).finally(() => this.endings.delete(ending));
    this.endings.set(ending, ours ? runner : undefined);
  }

  private async end(pod: Pod, runner: PodRunner | undefined, remove: boolean): Promise<void> {
    const { clock, log } = this.context;
    if (runner) {
      // Endpoints drop a pod when they see its deletion, not when its process ends.
      if (isPodReady(pod) && this.drainMs > 0 && !this.stopped) await new Promise<void>((resolve) => clock.after(this.drainMs, resolve));
      await runner.stop(gracePeriodMs(pod));
    }
    if (!remove || this.stopped) return;
    const { name, namespace, uid } = pod.metadata;
    const ref = { apiVersion: 'v1', kind: 'Pod', name, ...(namespace ? { namespace } : {}) };
    await this.options.api
      .delete(ref, { gracePeriodSeconds: 0, ...(uid ? { uid } : {}) })
      .catch((error: unknown) => log.debug('pod was not removed', { pod: name, error: String(error) }));
  }

  private startRunner(pod: Pod): PodRunner {
    const writer = new PodWriter({ api: this.options.api, informers: this.options.informers, pod, bindBy: this.options.bindBy ?? 'patch', clock: this.context.clock, log: this.context.log });
    const events = new PodEvents({ api: this.options.api, clock: this.context.clock, log: this.context.log }, pod);
    const { namespace = 'default' } = pod.metadata;
    return new PodRunner({
      ...this.context,
      folder: this.folder,
      pod,
      readObject: (kind, name) => this.options.api.get({ apiVersion: 'v1', kind, name, namespace }),
      onPorts: (ports) => {
        writer.bind(NODE_NAME, ports);
        events.scheduled();
      },
      onStop: () => {
        // When all of local mode ends, nobody is left to read it.
        if (!this.stopped) events.stopping();
      },
      onStatus: (status) => {
        writer.writeStatus(status);
        events.observe(status);
      },
    });
  }
}

function isOurs(pod: Pod): boolean {
  const { nodeName } = pod.spec;
  const over = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return !over && (nodeName === undefined || nodeName === '' || nodeName === NODE_NAME);
}
