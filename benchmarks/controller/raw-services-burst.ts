import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BUILT_IN_RUNTIMES, customResourceDefinitions, INFERENCE_SERVICE_API, type KubeObject } from 'cdk8s-kserve/api';
import { HttpKubeApi, loadConnection } from 'cdk8s-kserve-controller';

const ROOT = join(__dirname, '../..');
const COUNT = Number(process.env['BENCH_SERVICES'] ?? 1000);
const IDLE_MS = 10_000;
/** Deployment, Service, autoscaler; published services have routes too, and the gateway's CRDs are not installed here. */
const CHILDREN_PER_SERVICE = 3;

interface Cluster {
  readonly kubeconfig: string;
  readonly auditLog: string;
}

/**
 * A burst of raw services on a real API server: time to the last child, writes by the server's own audit log, a quiet
 * time, a restart, memory and CPU. KServe 0.20 on such a rig: 51 s, 2,002 writes at a restart, 24 ms CPU a service, 140 MB.
 */
export async function run(): Promise<void> {
  const server = spawn(process.execPath, [join(ROOT, 'scripts/cluster/up.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const programs: ChildProcess[] = [];
  try {
    const cluster = await new Promise<Cluster>((resolve, reject) => {
      createInterface({ input: server.stdout }).once('line', (line) => resolve(JSON.parse(line) as Cluster));
      server.once('close', () => reject(new Error('no control plane: it needs Go, or KUBEBUILDER_ASSETS')));
    });
    const api = new HttpKubeApi(await loadConnection({ kubeconfig: cluster.kubeconfig }));
    await prepare(api);
    const port = await freePort();
    const start = (): ChildProcess => {
      const program = spawn(process.execPath, [join(ROOT, 'packages/controller/bin/isvc-controller.js'), '--kubeconfig', cluster.kubeconfig, '--namespace', 'bench', '--listen', `127.0.0.1:${port}`, '--log-level', 'warn'], { stdio: 'inherit' });
      programs.push(program);
      return program;
    };
    const first = start();
    await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok === true);
    const cpuBefore = await metric(port, 'process_cpu_seconds_total');

    const began = performance.now();
    const burst = Array.from({ length: COUNT }, (_, i) => i);
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (let i = burst.pop(); i !== undefined; i = burst.pop()) await api.create(service(i));
    }));
    await until(() => writes(cluster).filter((w) => w.startsWith('patch') && !w.endsWith('/status')).length >= COUNT * CHILDREN_PER_SERVICE);
    print('all children there', `${((performance.now() - began) / 1000).toFixed(1)} s`);
    await quiet(cluster);
    const own = writes(cluster);
    print('writes of the controller', Object.entries(countBy(own)).map(([what, n]) => `${what} ${n}`).join(', '));
    print('CPU a service', `${(((await metric(port, 'process_cpu_seconds_total')) - cpuBefore) / COUNT * 1000).toFixed(1)} ms`);
    print('resident memory', `${((await metric(port, 'process_resident_memory_bytes')) / 2 ** 20).toFixed(0)} MiB`);
    await pause(IDLE_MS);
    print(`writes in ${IDLE_MS / 1000} s of idleness`, String(writes(cluster).length - own.length));

    const beforeRestart = writes(cluster).length;
    await ended(first);
    const again = performance.now();
    start();
    await until(async () => (await metric(port, 'isvc_controller_reconcile_seconds_count{result="ok"}').catch(() => 0)) >= COUNT);
    print('restart to quiet', `${((performance.now() - again) / 1000).toFixed(1)} s`);
    await quiet(cluster);
    print('writes after a restart', String(writes(cluster).length - beforeRestart));
    api.close();
  } finally {
    for (const program of programs) await ended(program);
    server.stdin.end();
    await new Promise((resolve) => (server.exitCode === null ? server.once('close', resolve) : resolve(undefined)));
  }
}

async function prepare(api: HttpKubeApi): Promise<void> {
  for (const crd of customResourceDefinitions()) await api.apply(crd, { fieldManager: 'bench' });
  await until(async () => (await api.discover('serving.kserve.io/v1alpha1', 'ClusterServingRuntime', { refresh: true })) !== undefined);
  await until(async () => (await api.discover(INFERENCE_SERVICE_API, 'InferenceService', { refresh: true })) !== undefined);
  await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bench' } });
  await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace: 'bench' }, data: { ingress: '{"disableIngressCreation": true}' } });
  for (const runtime of BUILT_IN_RUNTIMES) await api.apply(runtime, { fieldManager: 'bench' });
}

function service(index: number): KubeObject {
  return {
    apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService',
    metadata: { name: `s${index}`, namespace: 'bench', annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/iris' } } },
  };
}

/** `verb resource` or `verb resource/status` of each successful write to what the controller writes, by the audit log. */
function writes({ auditLog }: Cluster): readonly string[] {
  return readFileSync(auditLog, 'utf8').split('\n').flatMap((line) => {
    if (!line.includes('"namespace":"bench"')) return [];
    const { verb, user, objectRef, responseStatus } = JSON.parse(line) as { verb: string; user: { username: string }; objectRef: { resource: string; subresource?: string }; responseStatus: { code: number } };
    const ours = verb === 'patch' || verb === 'delete' || objectRef.subresource === 'status' || objectRef.resource === 'events';
    // The API server and the controller manager write under names of their own.
    return ours && user.username === 'admin' && responseStatus.code < 300 ? [`${verb} ${objectRef.resource}${objectRef.subresource ? `/${objectRef.subresource}` : ''}`] : [];
  });
}

async function quiet(cluster: Cluster): Promise<void> {
  for (let before = -1, now = writes(cluster).length; before !== now; now = writes(cluster).length) {
    before = now;
    await pause(2_000);
  }
}

async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = text.split('\n').find((l) => l.startsWith(`${name} `));
  if (!line) throw new Error(`no metric ${name}`);
  return Number(line.slice(name.length + 1));
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
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

async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 300_000; !(await look()); await pause(100)) {
    if (Date.now() > end) throw new Error('not within 300 s');
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function print(what: string, value: string): void {
  console.log(`${what.padEnd(36)} ${value}`);
}
