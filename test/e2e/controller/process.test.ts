import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { freePort } from '../../../scripts/support/free-ports.cjs';
import { TestCluster } from './support/cluster';
import { FaultProxy } from './support/fault-proxy';
import { condition, deploymentRef, iris, irisRef, makeChildrenReady, rawChildren } from './support/iris';
import { madeByOthers } from './support/made-by-others';
import { until } from '../../support/until';

const PROGRAM = resolve(__dirname, '../../../packages/controller/bin/isvc-controller.js');

let cluster: TestCluster;
let namespace: string;
let folder: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  cluster = await TestCluster.start();
  folder = await mkdtemp(join(tmpdir(), 'isvc-controller-'));
  await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig);
});

beforeEach(async () => {
  namespace = await cluster.namespace();
});

afterEach(() => {
  running.forEach((child) => child.kill('SIGKILL'));
});

afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Program {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

function start(...args: readonly string[]): Program {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | string | null>((done) => child.once('close', (code, signal) => done(signal ?? code)));
  void ended.then(() => running.delete(child));
  return { child, stderr: () => stderr, ended };
}

function startController(...more: readonly string[]): Program {
  return start('--kubeconfig', join(folder, 'kubeconfig'), '--namespaces', namespace, ...more);
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({ 'current-context': 'x', contexts: [{ name: 'x', context: { cluster: 'x' } }], clusters: [{ name: 'x', cluster: { server } }] });
}

describe('isvc-controller', () => {
  test('killed in the middle and started again, it finishes the work', async () => {
    const first = startController();
    await cluster.api.create(iris(namespace));
    const [service] = rawChildren(namespace);
    await cluster.eventually(service ?? irisRef(namespace), 'appears');
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    await cluster.api.delete(deploymentRef(namespace));
    await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { maxReplicas: 5 } } });
    const second = startController();
    for (const ref of rawChildren(namespace)) {
      await cluster.eventually(ref, 'appears');
    }
    await makeChildrenReady(cluster.api, namespace);
    const ready = await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    expect(ready['status']).toMatchObject({ observedGeneration: 2 });
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  test('killed between claiming a child of KServe and striking KServe from its record, it does that when it starts again', async () => {
    const model = { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/iris' };
    const service = iris(namespace, { predictor: { model: { ...model, env: [{ name: 'LEVEL', value: '1' }] } } });
    await madeByOthers(cluster, namespace, { service, manager: 'manager' });
    const owners = (child: KubeObject | undefined): readonly unknown[] => (child?.metadata.managedFields ?? []).filter((e) => (e as { subresource?: string }).subresource === undefined).map((e) => (e as { manager: string }).manager);
    const proxy = await FaultProxy.start(cluster.connection);
    await writeFile(join(folder, 'killing'), kubeconfigOf(proxy.connection.url));
    const first = start('--kubeconfig', join(folder, 'killing'), '--namespaces', namespace);
    proxy.fate = ({ method, path }) => {
      if (method !== 'PATCH' || !path.endsWith('/deployments/iris-predictor')) return { type: 'pass' };
      first.child.kill('SIGKILL');
      return { type: 'lose the request' };
    };
    expect(await first.ended).toBe('SIGKILL');
    await proxy.stop();
    expect(owners(await cluster.api.get(deploymentRef(namespace)))).toEqual(expect.arrayContaining(['manager', 'cdk8s-kserve']));
    await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { model: { env: null } } } });
    startController();
    const claimed = await cluster.eventually(deploymentRef(namespace), 'is ours alone', (d) => !owners(d).includes('manager') && !JSON.stringify(d['spec']).includes('LEVEL'));
    expect(owners(claimed)).toContain('cdk8s-kserve');
  });

  test('started again without a change, it changes nothing', async () => {
    const first = startController();
    await cluster.api.create(iris(namespace));
    await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    const refs = [irisRef(namespace), ...rawChildren(namespace)];
    const versions = async (): Promise<unknown> => (await Promise.all(refs.map((ref) => cluster.api.get(ref)))).map((o: KubeObject | undefined) => o?.metadata.resourceVersion);
    const before = await versions();
    const second = startController();
    await cluster.api.create({ ...iris(namespace), metadata: { ...iris(namespace).metadata, name: 'marker' } });
    await cluster.eventually({ ...irisRef(namespace), name: 'marker' }, 'was looked at', (s) => condition(s, 'Ready') !== undefined);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(await versions()).toEqual(before);
    expect(second.stderr()).toMatch(/controller started services=\d+/);
  });

  test('of two replicas one works; the other takes over at once when it stops', async () => {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: 'cdk8s-kserve-controller', namespace };
    const elect = ['--leader-elect', '--namespace', namespace, '--log-format', 'json'];
    const holder = (object: KubeObject | undefined): string => (object?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity ?? '';
    const first = startController(...elect);
    const before = holder(await cluster.eventually(lease, 'is held', (l) => holder(l) !== ''));
    const second = startController(...elect);
    await cluster.api.create(iris(namespace));
    await cluster.eventually(deploymentRef(namespace), 'appears');
    expect(second.stderr()).not.toContain('controller started');
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    await cluster.eventually(lease, 'is held by the other', (l) => ![before, ''].includes(holder(l)));
    await cluster.api.delete(deploymentRef(namespace));
    await cluster.eventually(deploymentRef(namespace), 'appears again');
    const lines = first.stderr().trim().split('\n').map((line) => JSON.parse(line) as { readonly message: string });
    expect(lines.map((l) => l.message)).toEqual(expect.arrayContaining(['leading', 'controller started', 'released the lease']));
  });

  test('tells over HTTP how it fares', async () => {
    const port = await freePort();
    startController('--listen', `127.0.0.1:${port}`);
    await cluster.api.create(iris(namespace));
    await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
    const ask = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    expect([await ask('/healthz'), await ask('/readyz')]).toEqual(['ok\n', 'ok\n']);
    const metrics = await ask('/metrics');
    expect(metrics).toContain('isvc_controller_services 1');
    expect(metrics).toMatch(/isvc_controller_api_requests_total\{verb="apply",kind="Deployment",code="200"\} 1/);
  });

  test('says what is wrong with its command line and exits 2', async () => {
    const program = start('--concurrency', 'lots');
    expect(await program.ended).toBe(2);
    expect(program.stderr()).toBe('isvc-controller: --concurrency: must be an integer >= 1, got "lots"; see isvc-controller --help [ISVC_CLI_USAGE]\n');
  });

  test('says that there is no such kubeconfig and exits 2', async () => {
    const program = start('--kubeconfig', join(folder, 'none'));
    expect(await program.ended).toBe(2);
    expect(program.stderr()).toContain('the kubeconfig cannot be read');
  });

  test('waits for an API server that is not there yet, and can be stopped meanwhile', async () => {
    await writeFile(join(folder, 'nowhere'), kubeconfigOf('http://127.0.0.1:1'));
    const program = start('--kubeconfig', join(folder, 'nowhere'));
    await until('it says that nobody answers', () => program.stderr().includes('does not answer'));
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
  });

  test('can be stopped while the API server hangs', async () => {
    // It reads and never answers; a socket that nobody reads would not even notice its end.
    const hanging = createServer((socket) => void socket.resume().on('error', () => {}));
    const asked = new Promise((heard) => hanging.once('connection', heard));
    await new Promise<void>((listening) => hanging.listen(0, '127.0.0.1', listening));
    const { port } = hanging.address() as AddressInfo;
    await writeFile(join(folder, 'hanging'), kubeconfigOf(`http://127.0.0.1:${port}`));
    const program = start('--kubeconfig', join(folder, 'hanging'));
    await asked;
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    await new Promise((closed) => hanging.close(closed));
  });
});
