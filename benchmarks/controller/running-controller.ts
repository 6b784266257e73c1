import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../../scripts/cluster/kserve-manager';
import { ownedProcess } from '../support/owned';
import { residentMib } from '../support/process-tree';
import { until } from '../support/until';
import type { AuditedCluster } from './audited-cluster';

const TICK_MS = 10;
const SAMPLE_MS = 250;
/** Less than this in one sample is a runtime's own housekeeping. */
const BUSY_MS = 30;
const QUIET_MS = 3_000;

/** A controller as a process; what it costs is read from Linux's /proc. */
export class RunningController {
  readonly startedAt = Date.now();
  private readonly child: ChildProcess;
  private readonly cluster: AuditedCluster;

  private constructor(child: ChildProcess, cluster: AuditedCluster) {
    this.child = child;
    this.cluster = cluster;
  }

  /** Resolves when it says that it is ready. */
  static async start(cluster: AuditedCluster, { file, args, env, readyUrl }: Command): Promise<RunningController> {
    const log = openSync(join(cluster.folder, 'controller.log'), 'a');
    const child = ownedProcess(spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', log, log] }));
    closeSync(log);
    const controller = new RunningController(child, cluster);
    await until('the controller is ready', async () => {
      if (child.exitCode !== null) throw new Error(`${file} ended: ${readFileSync(join(cluster.folder, 'controller.log'), 'utf8').slice(-2000)}`);
      return (await fetch(readyUrl).catch(() => undefined))?.ok === true;
    });
    return controller;
  }

  /** CPU time so far, user and system. */
  cpuMs(): number {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  residentMib(): number {
    return residentMib(this.child.pid);
  }

  /**
   * Resolves when it has neither asked the API server nor computed for three seconds.
   *
   * @returns when it last did, in milliseconds since 1970; at the limit if it never stops.
   */
  async quiet(limitMs = 300_000): Promise<number> {
    let last = Date.now();
    let requests = -1;
    let cpu = this.cpuMs();
    for (const end = Date.now() + limitMs; Date.now() < end && Date.now() - last < QUIET_MS; ) {
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
      const asked = this.cluster.audit.requests().length;
      const used = this.cpuMs();
      if (asked !== requests || used - cpu > BUSY_MS) last = Date.now();
      requests = asked;
      cpu = used;
    }
    return last;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}
