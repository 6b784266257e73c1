import { join } from 'node:path';
import { expandReferences, containerEnvironment } from './environment';
import { rewritePaths } from './host-paths';
import { rewriteHostFlags } from './in-cluster-hosts';
import { assignPorts, hasFlag, listeningPorts, rewritePortFlags, type PortMap } from './ports';
import { ContainerLoop, type RestartPolicy } from './container-loop';
import { PodFiles, PodNotStartable } from './pod-files';
import { podStatus } from './pod-status';
import { resolveImage } from './images';
import { startChild, type Child } from './child';
import { runProbe, type ProbeResult } from './probe';
import { LogRing } from './log-ring';
import type { Container, KubeObject, Probe } from 'cdk8s-kserve/api';
import { SERVER_PORT } from 'cdk8s-kserve/api';
import { pause } from 'cdk8s-kserve-controller';
import type { Pod, PodStatus } from './pod';
import type { PodNetwork } from './pod-network';
import type { KubeletContext } from './kubelet-context';

/** How often a pod that lacks a claim, a ConfigMap or a Secret looks again. */
const RETRY_MS = 500;

/** What of a container's life cycle is heeded: programs of its image that hooks name are not here. */
interface Lifecycle {
  readonly preStop?: { readonly httpGet?: NonNullable<Probe['httpGet']> };
}

export interface PodRunnerOptions extends KubeletContext {
  readonly pod: Pod;
  readonly readObject: (kind: 'ConfigMap' | 'Secret', name: string) => Promise<KubeObject | undefined>;
  /** The ports of this pod are known; called before any of its processes starts. */
  readonly onPorts: (ports: PortMap) => void;
  /** Called when processes that run are about to be stopped. */
  readonly onStop: () => void;
  readonly onStatus: (status: PodStatus) => void;
}

/** Runs the containers of one pod as processes from its start to its end. */
export class PodRunner {
  readonly pod: Pod;
  /** Resolves when the pod is over and none of its processes is left; rejects never. */
  readonly finished: Promise<void>;
  private readonly options: PodRunnerOptions;
  private readonly files: PodFiles;
  private readonly logRings: ReadonlyMap<string, LogRing>;
  private readonly initContainers: readonly ContainerLoop[];
  private readonly containers: readonly ContainerLoop[];
  private readonly stopping = new AbortController();
  private readonly ended = new Map<string, boolean>();
  private readonly startedAt: number;
  private readonly running: Promise<unknown>[] = [];
  private ports: PortMap = new Map();
  private network: PodNetwork | undefined;
  private initialized = false;
  private initFailed = false;
  private blocked: { readonly reason: string; readonly message: string } | undefined;
  private stopped: Promise<void> | undefined;
  private status: PodStatus | undefined;

  constructor(options: PodRunnerOptions) {
    const { pod, folder, sourceMap, readObject, clock } = options;
    this.options = options;
    this.pod = pod;
    this.startedAt = clock.now();
    const { name, namespace = 'default', uid = name } = pod.metadata;
    this.files = new PodFiles({ namespace, folder: join(folder, `${namespace}_${name}_${uid}`), sourceMap, readObject });
    const { initContainers = [], containers } = pod.spec;
    this.logRings = new Map([...initContainers, ...containers].map((c) => [c.name, new LogRing()]));
    const policy = restartPolicyOf(pod);
    this.initContainers = initContainers.map((c) => this.loop(c, c.restartPolicy === 'Always' ? 'Always' : policy === 'Never' ? 'Never' : 'OnFailure'));
    this.containers = containers.map((c) => this.loop(c, policy));
    this.finished = this.run().catch((error: unknown) => options.log.error('pod runner failed', { pod: name, error: String(error) }));
  }

  /** The log of one container, kept after it ended until the pod is removed. */
  logs(container: string): LogRing | undefined {
    return this.logRings.get(container);
  }

  /** Process ids of this pod that run now. */
  get pids(): readonly number[] {
    return [...this.initContainers, ...this.containers].flatMap((c) => c.pid ?? []);
  }

  /** Stops every container and removes the pod's folder. Calling it again waits for the same end. */
  stop(graceMs: number): Promise<void> {
    this.stopped ??= this.end(graceMs);
    return this.stopped;
  }

  /** Ends what is left of a pod that is being stopped. */
  kill(): void {
    for (const loop of [...this.initContainers, ...this.containers]) loop.kill();
  }

  private async run(): Promise<void> {
    this.report();
    await this.untilStartable(async () => {
      await this.files.prepare(this.pod.spec);
      await this.connect();
      // The mapping is needed here already, so that a missing folder shows before a container starts.
      for (const container of this.pod.spec.containers) await this.files.mounts(container);
    });
    if (this.stopping.signal.aborted) return;
    this.options.onPorts(this.ports);
    if (!(await this.runInitContainers())) return;
    this.initialized = true;
    await Promise.all(this.containers.map((loop) => this.runToEnd(loop)));
  }

  /** Gives the pod its network, or its ports in that of this machine. */
  private async connect(): Promise<void> {
    const { podNetworks, images } = this.options;
    if (!podNetworks) this.ports = await assignPorts(listeningPorts(this.pod.spec, images));
    else {
      this.network ??= await podNetworks(this.pod).catch((error: unknown) => {
        throw PodNotStartable.from(error, 'FailedCreatePodSandBox');
      });
    }
  }

  private async runInitContainers(): Promise<boolean> {
    for (const loop of this.initContainers) {
      if (loop.container.restartPolicy === 'Always') {
        this.running.push(loop.run());
        continue;
      }
      const succeeded = await loop.run();
      if (this.stopping.signal.aborted) return false;
      if (!succeeded) {
        this.initFailed = true;
        this.report();
        return false;
      }
    }
    return true;
  }

  private async runToEnd(loop: ContainerLoop): Promise<void> {
    const succeeded = await loop.run();
    if (this.stopping.signal.aborted) return;
    this.ended.set(loop.container.name, succeeded);
    this.report();
    if (this.ended.size < this.containers.length) return;
    for (const ring of this.logRings.values()) ring.close();
  }

  private async untilStartable(attempt: () => Promise<void>): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await attempt();
        this.blocked = undefined;
        return;
      } catch (error) {
        const { reason, message } = PodNotStartable.from(error, 'FailedMount');
        if (this.blocked?.message !== message) this.options.log.warn(message, { pod: this.pod.metadata.name, reason });
        this.blocked = { reason, message };
        this.report();
        await pause(this.options.clock, RETRY_MS, this.stopping.signal);
      }
    }
  }

  private async end(graceMs: number): Promise<void> {
    this.stopping.abort();
    if (this.pids.length > 0) this.options.onStop();
    await Promise.all(this.containers.map((loop) => loop.stop(graceMs)));
    // Sidecars outlive the containers they serve.
    await Promise.all(this.initContainers.map((loop) => loop.stop(graceMs)));
    await Promise.all([this.finished, ...this.running]);
    for (const ring of this.logRings.values()) ring.close();
    await this.network?.release();
    await this.files.remove();
  }

  private loop(container: Container, restartPolicy: RestartPolicy): ContainerLoop {
    const { clock, restartBackoff, onLog } = this.options;
    const logs = this.logRings.get(container.name) ?? new LogRing();
    const preStop = (container.lifecycle as Lifecycle | undefined)?.preStop?.httpGet;
    const source = { namespace: this.pod.metadata.namespace ?? 'default', pod: this.pod.metadata.name, container: container.name };
    const write = (text: string): void => {
      logs.append({ at: clock.now(), text });
      onLog?.({ ...source, text });
    };
    return new ContainerLoop({
      container,
      restartPolicy,
      clock,
      backoff: restartBackoff,
      logs,
      readTerminationLog: () => this.files.readTerminationLog(container.name),
      graceMs: gracePeriodMs(this.pod),
      start: () => this.startContainer(container, write),
      probe: (kind) => this.ask(container[kind] ?? {}, container),
      preStop: preStop && ((timeoutMs) => this.ask({ httpGet: preStop, timeoutSeconds: timeoutMs / 1000 }, container)),
      onChange: () => this.report(),
    });
  }

  private ask(probe: Probe, container: Container): Promise<ProbeResult> {
    return runProbe(probe, container, { host: this.network?.address ?? '127.0.0.1', ports: this.ports });
  }

  private async startContainer(container: Container, onLine: (line: string) => void): Promise<Child> {
    const { images, sourceMap, address, reach, readObject, onSubstitution } = this.options;
    const image = resolveImage(container, images);
    if (!image.runnable) throw new PodNotStartable(image.reason, image.message);
    if (image.note !== undefined) onSubstitution(image.note);
    const paths = await this.files.mounts(container);
    const declared = await containerEnvironment(container, { pod: this.pod, address, podAddress: this.network?.address ?? address, paths, ports: this.ports, readObject });
    const words = image.args.map((word) => rewritePaths(expandReferences(word, declared), paths));
    const moved = rewritePortFlags(reach ? await rewriteHostFlags(words, reach) : words, this.ports);
    const flag = image.portFlag;
    const port = flag && !hasFlag(words, flag) ? [`${flag}=${this.ports.get(SERVER_PORT) ?? SERVER_PORT}`] : [];
    const terminationLog = await this.files.emptyTerminationLog(container.name);
    const folder = this.files.workFolder;
    // Mounts, too: some programs look for a secret at a path that no word of the container names.
    const moves = { ...sourceMap, ...Object.fromEntries(paths) };
    const env = { ...baseEnvironment(folder), ISVC_SOURCE_MAP: JSON.stringify(moves), ...declared, TERMINATION_LOG_PATH: terminationLog };
    return startChild({ argv: [...(this.network?.enter ?? []), ...image.exec, ...moved, ...port], env, cwd: folder, onLine });
  }

  private report(): void {
    if (this.stopping.signal.aborted) return;
    this.status = podStatus({
      uid: this.pod.metadata.uid ?? this.pod.metadata.name,
      hostAddress: this.options.address,
      address: this.options.podNetworks ? this.network?.address : this.options.address,
      initContainers: this.initContainers,
      containers: this.containers,
      initialized: this.initialized,
      initFailed: this.initFailed,
      ended: this.ended,
      blocked: this.blocked,
      qosClass: this.pod.status?.qosClass ?? 'BestEffort',
      startedAt: this.startedAt,
      now: this.options.clock.now(),
      previous: this.status?.conditions ?? [],
    });
    this.options.onStatus(this.status);
  }
}

export function gracePeriodMs(pod: Pod): number {
  return (pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
}

/** What a process gets beside what its container declares: enough to find programs, nothing of the user's own secrets. */
function baseEnvironment(folder: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', HOME: folder, TMPDIR: folder };
}

function restartPolicyOf(pod: Pod): RestartPolicy {
  const { restartPolicy } = pod.spec;
  return restartPolicy === 'Never' || restartPolicy === 'OnFailure' ? restartPolicy : 'Always';
}
