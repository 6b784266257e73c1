import { backoffDelay, pause, type BackoffOptions, type Clock } from 'cdk8s-kserve-controller';
import type { Container } from 'cdk8s-kserve/api';
import type { Child, ChildExit } from './child';
import type { LogRing } from './log-ring';
import type { ContainerState } from './pod';
import type { ProbeResult } from './probe';
import { awaitStartup, watchLiveness, watchReadiness, type ProbeLoopOptions } from './probe-loop';
import { PodNotStartable } from './pod-files';
import { terminatedState, terminationMessage } from './termination';
import { timestamp } from './timestamp';

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

export interface ContainerLoopOptions {
  readonly container: Container;
  readonly restartPolicy: RestartPolicy;
  readonly clock: Clock;
  /** How long a crashed container waits before it is started again. */
  readonly backoff: BackoffOptions;
  readonly logs: LogRing;
  /** The container's last words of this run; empty when it left none. */
  readonly readTerminationLog: () => Promise<Buffer>;
  readonly graceMs: number;
  /** Starts one run. What it throws is shown as the reason for waiting, and it is tried again. */
  readonly start: () => Promise<Child>;
  readonly probe: (kind: 'startupProbe' | 'readinessProbe' | 'livenessProbe') => Promise<ProbeResult>;
  /** What has to be done before the container is told to end; how it went does not matter. @default - nothing */
  readonly preStop?: ((timeoutMs: number) => Promise<unknown>) | undefined;
  readonly onChange: () => void;
}

/** One container of a pod over all its runs. The public fields are what the pod's status says about it. */
export class ContainerLoop {
  readonly container: Container;
  state: ContainerState = { waiting: { reason: 'ContainerCreating' } };
  lastState: ContainerState = {};
  restartCount = 0;
  started = false;
  ready = false;
  pid: number | undefined;
  private readonly options: ContainerLoopOptions;
  private readonly stopping = new AbortController();
  private child: Child | undefined;
  private failures = 0;

  constructor(options: ContainerLoopOptions) {
    this.options = options;
    this.container = options.container;
  }

  /** Runs the container until it is done for good or stopped. Returns whether it succeeded. */
  async run(): Promise<boolean> {
    const { clock, restartPolicy } = this.options;
    while (!this.stopping.signal.aborted) {
      const startedAt = clock.now();
      const exit = await this.runOnce(startedAt);
      if (exit === undefined) {
        await pause(clock, this.nextBackoff(), this.stopping.signal);
        continue;
      }
      const succeeded = exit.exitCode === 0;
      if (this.stopping.signal.aborted || restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && succeeded)) return succeeded;
      await this.backOff(startedAt);
    }
    return false;
  }

  /** Ends the container: its preStop hook, SIGTERM, and after the grace period of both SIGKILL. Resolves when no process is left. */
  async stop(graceMs: number): Promise<void> {
    this.stopping.abort();
    if (this.child) await this.endChild(this.child, graceMs);
  }

  /** Ends a container that is being stopped before its grace period is over. */
  kill(): void {
    this.child?.signal('SIGKILL');
  }

  /** One run: start, probes, exit. Undefined when it could not be started. */
  private async runOnce(startedAt: number): Promise<ChildExit | undefined> {
    const child = await this.tryStart();
    if (!child) return undefined;
    this.child = child;
    this.pid = child.pid;
    const probing = new AbortController();
    this.started = !this.container.startupProbe;
    this.setState({ running: { startedAt: timestamp(startedAt) } });
    const probes = this.runProbes(child, probing.signal);
    const exit = await child.exited;
    probing.abort();
    await probes;
    this.child = undefined;
    this.pid = undefined;
    this.started = false;
    this.ready = false;
    const message = exit.startError ?? (await terminationMessage(this.container, exit, this.options));
    this.setState(terminatedState(exit, message, startedAt, this.options.clock.now()));
    return exit;
  }

  private async tryStart(): Promise<Child | undefined> {
    try {
      const child = await this.options.start();
      this.options.logs.beginRun();
      // A stop may have come while files were being written.
      if (this.stopping.signal.aborted) child.signal('SIGKILL');
      return child;
    } catch (error) {
      const { reason, message } = PodNotStartable.from(error, 'CreateContainerError');
      this.setState({ waiting: { reason, message } });
      return undefined;
    }
  }

  private async runProbes(child: Child, signal: AbortSignal): Promise<void> {
    const { startupProbe, readinessProbe, livenessProbe } = this.container;
    const loop = (kind: 'startupProbe' | 'readinessProbe' | 'livenessProbe', probe: ProbeLoopOptions['probe']): ProbeLoopOptions => ({
      probe,
      clock: this.options.clock,
      signal,
      run: () => this.options.probe(kind),
    });
    const kill = (kind: string, failure: string): void => {
      this.options.logs.append({ at: this.options.clock.now(), text: `(local mode) ${kind} probe failed, restarting the container: ${failure}` });
      void this.endChild(child, this.options.graceMs);
    };
    if (startupProbe) {
      const failure = await awaitStartup(loop('startupProbe', startupProbe));
      if (failure !== undefined) return kill('startup', failure);
      if (signal.aborted) return;
      this.started = true;
    }
    const liveness = livenessProbe
      ? watchLiveness(loop('livenessProbe', livenessProbe)).then((failure) => (failure === undefined ? undefined : kill('liveness', failure)))
      : undefined;
    if (readinessProbe) await watchReadiness(loop('readinessProbe', readinessProbe), (ready) => this.setReady(ready));
    else this.setReady(true);
    await liveness;
  }

  private async backOff(startedAt: number): Promise<void> {
    const { clock, backoff } = this.options;
    this.restartCount++;
    // A container that ran well for a while starts its back-off anew, as in Kubernetes.
    if (clock.now() - startedAt > 2 * backoff.maxMs) this.failures = 0;
    const delay = this.nextBackoff();
    this.lastState = this.state;
    const message = `back-off ${delay}ms restarting failed container=${this.container.name}`;
    this.setState({ waiting: { reason: 'CrashLoopBackOff', message } });
    await pause(clock, delay, this.stopping.signal);
  }

  private nextBackoff(): number {
    return backoffDelay(++this.failures, { jitter: 0, ...this.options.backoff });
  }

  private setReady(ready: boolean): void {
    this.ready = ready;
    this.options.onChange();
  }

  private setState(state: ContainerState): void {
    this.state = state;
    this.options.onChange();
  }

  private async endChild(child: Child, graceMs: number): Promise<void> {
    const { clock, preStop } = this.options;
    const deadline = clock.now() + graceMs;
    if (preStop && graceMs > 0) await Promise.race([preStop(graceMs), child.exited]);
    const left = deadline - clock.now();
    child.signal(left <= 0 ? 'SIGKILL' : 'SIGTERM');
    const cancel = clock.after(left, () => child.signal('SIGKILL'));
    await child.exited;
    cancel();
  }
}
