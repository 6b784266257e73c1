import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { HttpKubeApi, loadConnection } from 'cdk8s-kserve-controller';
import { REPOSITORY } from '../support/program';

interface Paths {
  readonly kubeconfig: string;
  readonly auditLog: string;
}

/** A control plane of real programs whose audit log says who wrote what, and our controller on it. */
export class AuditedCluster {
  readonly api: HttpKubeApi;
  private readonly paths: Paths;
  private readonly server: ChildProcess;
  private readonly port: number;
  private controller: ChildProcess | undefined;

  private constructor(api: HttpKubeApi, paths: Paths, server: ChildProcess, port: number) {
    this.api = api;
    this.paths = paths;
    this.server = server;
    this.port = port;
  }

  static async start(): Promise<AuditedCluster> {
    const server = spawn(process.execPath, [join(REPOSITORY, 'scripts/cluster/up.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const paths = await new Promise<Paths>((resolve, reject) => {
      createInterface({ input: server.stdout }).once('line', (line) => resolve(JSON.parse(line) as Paths));
      server.once('close', () => reject(new Error('no control plane: it needs Go, or KUBEBUILDER_ASSETS')));
    });
    return new AuditedCluster(new HttpKubeApi(await loadConnection({ kubeconfig: paths.kubeconfig })), paths, server, await freePort());
  }

  /** Starts `isvc-controller`; resolves when it answers. */
  async startController(): Promise<void> {
    const args = ['--kubeconfig', this.paths.kubeconfig, '--namespace', 'bench', '--listen', `127.0.0.1:${this.port}`, '--log-level', 'warn'];
    this.controller = spawn(process.execPath, [join(REPOSITORY, 'packages/controller/bin/isvc-controller.js'), ...args], { stdio: 'inherit' });
    await until(async () => (await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => undefined))?.ok === true);
  }

  async stopController(): Promise<void> {
    if (this.controller) await ended(this.controller);
  }

  /** `verb resource` or `verb resource/status` of each successful write to what the controller writes, by the audit log. */
  writes(): readonly string[] {
    return readFileSync(this.paths.auditLog, 'utf8').split('\n').flatMap((line) => {
      if (!line.includes('"namespace":"bench"') || !line.includes('"userAgent":"cdk8s-kserve"')) return [];
      const { verb, objectRef, responseStatus } = JSON.parse(line) as { verb: string; objectRef: { resource: string; subresource?: string }; responseStatus: { code: number } };
      const ours = verb === 'patch' || verb === 'delete' || objectRef.subresource === 'status' || objectRef.resource === 'events';
      // The benchmark writes through the same client: it deletes services and plays the Deployment controller.
      const benchmark = (objectRef.resource === 'inferenceservices' && !objectRef.subresource) || (objectRef.resource === 'deployments' && objectRef.subresource === 'status');
      return ours && !benchmark && responseStatus.code < 300 ? [`${verb} ${objectRef.resource}${objectRef.subresource ? `/${objectRef.subresource}` : ''}`] : [];
    });
  }

  /** Resolves when no write has come for two seconds. */
  async quiet(): Promise<void> {
    for (let before = -1, now = this.writes().length; before !== now; now = this.writes().length) {
      before = now;
      await pause(2_000);
    }
  }

  /** One of the controller's own metrics. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
    const line = text.split('\n').find((l) => l.startsWith(`${name} `));
    if (!line) throw new Error(`no metric ${name}`);
    return Number(line.slice(name.length + 1));
  }

  async stop(): Promise<void> {
    this.api.close();
    await this.stopController();
    this.server.stdin?.end();
    await new Promise((resolve) => (this.server.exitCode === null ? this.server.once('close', resolve) : resolve(undefined)));
  }
}

export function countBy(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([what, n]) => `${what} ${n}`).join(', ') || '0';
}

/** Runs as many of the jobs at once as an API server takes without pushing back. */
export async function inParallel(count: number, job: (index: number) => Promise<unknown>): Promise<void> {
  const open = Array.from({ length: count }, (_, i) => i);
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let i = open.pop(); i !== undefined; i = open.pop()) await job(i);
  }));
}

export async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 300_000; !(await look()); await pause(100)) {
    if (Date.now() > end) throw new Error('not within 300 s');
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function ended(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  program.kill('SIGTERM');
  await new Promise((resolve) => program.once('close', resolve));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
