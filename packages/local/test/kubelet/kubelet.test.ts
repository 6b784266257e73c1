import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from 'cdk8s-kserve-controller';
import type { Container, KubeObject, PodSpec } from 'cdk8s-kserve/api';
import { Kubelet, type KubeletOptions } from '../../src/kubelet/kubelet';
import { parsePortsAnnotation, PORTS_ANNOTATION } from '../../src/kubelet/ports';
import { isPodReady, type Pod, type PodStatus } from '../../src/kubelet/pod';
import { InformerSet } from '../../src/reconciling/informer-set';
import { MemoryKubeApi } from '../support/memory-kube-api';
import { HTTP_SERVER, isAlive, pod, SCRIPT_IMAGE, scriptContainer, temporaryFolder } from '../support/pods';
import { until } from '../../../../test/support/until';

let api: MemoryKubeApi;
let kubelet: Kubelet;
let informers: InformerSet;

async function startKubelet(options: Partial<KubeletOptions> = {}): Promise<void> {
  api = new MemoryKubeApi();
  informers = new InformerSet(api, silentLog);
  kubelet = new Kubelet({ api, informers, images: [SCRIPT_IMAGE], drainMs: 0, restartBackoff: { baseMs: 10, maxMs: 40 }, ...options });
  await kubelet.start();
  await informers.start();
}

afterEach(async () => {
  await kubelet.stop(500);
  await informers.stop();
});

async function get(name: string): Promise<Pod | undefined> {
  return (await api.get({ apiVersion: 'v1', kind: 'Pod', name, namespace: 'default' })) as Pod | undefined;
}

async function run(spec: PodSpec, done: (status: PodStatus) => unknown, name = 'p'): Promise<Pod> {
  await api.create(pod(name, spec));
  return until(`pod ${name} as expected`, async () => {
    const live = await get(name);
    return live?.status && done(live.status) ? live : undefined;
  });
}

const finished = (status: PodStatus): boolean => status.phase === 'Succeeded' || status.phase === 'Failed';
const logOf = (container = 'main', name = 'p'): string[] => (kubelet.logs('default', name, container)?.tail() ?? []).map((line) => line.text);

describe('a pod that ends', () => {
  beforeEach(() => startKubelet());

  test('is Succeeded when its containers exit with 0', async () => {
    const live = await run({ restartPolicy: 'Never', containers: [scriptContainer('console.log("hello"); console.error("world")')] }, finished);
    expect(live.status?.phase).toBe('Succeeded');
    expect(live.status?.containerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(live.spec.nodeName).toBe('local');
    expect(logOf().sort()).toEqual(['hello', 'world']);
  });

  test.each([
    ['its exit code', 'process.exit(3)', {}, { exitCode: 3, reason: 'Error' }],
    ['the signal that killed it', 'process.kill(process.pid, "SIGKILL")', {}, { exitCode: 137, signal: 9, reason: 'Error' }],
    ['the message it left in its file', 'require("fs").writeFileSync(process.env.TERMINATION_LOG_PATH, "no disk"); process.exit(1)', {}, { exitCode: 1, message: 'no disk' }],
    ['the end of its log where its policy says so', 'console.log("bad model"); process.exit(1)', { terminationMessagePolicy: 'FallbackToLogsOnError' }, { exitCode: 1, message: 'bad model\n' }],
  ] as const)('is Failed and tells %s', async (_what, script, fields, expected) => {
    const live = await run({ restartPolicy: 'Never', containers: [scriptContainer(script, fields)] }, finished);
    expect(live.status?.phase).toBe('Failed');
    expect(live.status?.containerStatuses?.[0]?.state.terminated).toMatchObject(expected);
  });

  test('runs its init containers one after the other, before the others', async () => {
    const say = (name: string): Container => scriptContainer(`require("fs").appendFileSync(process.argv[1] + "/log", "${name} ")`, { name, args: ['/data'], volumeMounts: [{ name: 'shared', mountPath: '/data' }] });
    const main = scriptContainer('console.log(require("fs").readFileSync(process.argv[1] + "/log", "utf8"))', { args: ['/data'], volumeMounts: [{ name: 'shared', mountPath: '/data' }] });
    await run({ restartPolicy: 'Never', volumes: [{ name: 'shared', emptyDir: {} }], initContainers: [say('one'), say('two')], containers: [main] }, finished);
    expect(logOf()).toEqual(['one two ']);
  });

  test('is Failed when an init container of a pod that never restarts fails', async () => {
    const live = await run({ restartPolicy: 'Never', initContainers: [scriptContainer('process.exit(1)', { name: 'init' })], containers: [scriptContainer('')] }, finished);
    expect(live.status?.phase).toBe('Failed');
    expect(live.status?.conditions?.find((c) => c.type === 'Initialized')).toMatchObject({ status: 'False', message: 'containers with incomplete status: [init]' });
  });
});

describe('a container that fails', () => {
  test('is restarted with back-off and shows why it died', async () => {
    await startKubelet();
    const live = await run({ containers: [scriptContainer('console.log("boom"); process.exit(7)')] }, (s) => (s.containerStatuses?.[0]?.restartCount ?? 0) >= 2 && s.containerStatuses?.[0]?.state.waiting);
    expect(live.status?.containerStatuses?.[0]).toMatchObject({
      ready: false,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 7, reason: 'Error' } },
    });
  });

  test('is not restarted after success when the policy is OnFailure', async () => {
    await startKubelet();
    const live = await run({ restartPolicy: 'OnFailure', containers: [scriptContainer('')] }, finished);
    expect(live.status).toMatchObject({ phase: 'Succeeded', containerStatuses: [{ restartCount: 0 }] });
  });
});

describe('a pod that cannot start', () => {
  test.each<[string, PodSpec, object]>([
    ['an image that is no program here', { containers: [{ name: 'main', image: 'nvcr.io/triton:1' }] }, { state: { waiting: { reason: 'ImageNotRunnable', message: expect.stringContaining('"nvcr.io/triton:1"') as string } } }],
    ['a ConfigMap that is missing', { containers: [scriptContainer('', { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'none', key: 'a' } } }] })] }, { state: { waiting: { reason: 'CreateContainerConfigError' } } }],
  ])('waits and names %s', async (_what, spec, expected) => {
    await startKubelet();
    const live = await run(spec, (s) => s.containerStatuses?.[0]?.state.waiting?.message);
    expect(live.status?.phase).toBe('Pending');
    expect(live.status?.containerStatuses?.[0]).toMatchObject(expected);
    const { items } = await api.list({ apiVersion: 'v1', kind: 'Event', plural: 'events', namespaced: true });
    const { reason, message } = live.status?.containerStatuses?.[0]?.state.waiting ?? {};
    expect(items.filter((event) => event['type'] === 'Warning')).toEqual([expect.objectContaining({ reason, message, involvedObject: expect.objectContaining({ kind: 'Pod', name: 'p' }) as object })]);
  });

  test('waits for its claim to be mapped and says how', async () => {
    await startKubelet({ sourceMap: { 'pvc://other': tmpdir() } });
    const live = await run({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'models' } }], containers: [scriptContainer('')] }, (s) => s.message);
    expect(live.status).toMatchObject({ phase: 'Pending', reason: 'ClaimNotMapped', message: expect.stringContaining('--map pvc://models=FOLDER') as string });
  });
});

test('files, ports and references of a container point to this machine', async () => {
  const models = await temporaryFolder();
  await mkdir(join(models.path, 'iris'));
  await writeFile(join(models.path, 'iris', 'model.txt'), 'svc');
  await startKubelet({ sourceMap: { 'pvc://models': models.path } });
  await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' }, data: { 'a.txt': 'alpha' } });
  await api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', namespace: 'default' }, data: { key: Buffer.from('hidden').toString('base64') } });
  const script = `const fs = require('fs'); console.log(JSON.stringify({ args: process.argv.slice(1), port: process.env.PORT, token: process.env.TOKEN, name: process.env.POD,
    model: fs.readFileSync(process.argv[1].split('=')[1] + '/model.txt', 'utf8'), config: fs.readFileSync(process.env.CONFIG, 'utf8'), path: !!process.env.HOME.startsWith(process.cwd()), user: process.env.USER }))`;
  const container = scriptContainer(script, {
    args: ['--model_dir=/mnt/models', '--http_port', '8080', '$(POD)', '/mnt/models2'],
    ports: [{ containerPort: 8080 }],
    env: [
      { name: 'PORT', value: '8080' },
      { name: 'CONFIG', value: '/etc/settings/a.txt' },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'key' } } },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ],
    volumeMounts: [
      { name: 'models', mountPath: '/mnt/models', subPath: 'iris' },
      { name: 'settings', mountPath: '/etc/settings' },
    ],
  });
  const volumes = [
    { name: 'models', persistentVolumeClaim: { claimName: 'models' } },
    { name: 'settings', configMap: { name: 'settings' } },
  ];
  const live = await run({ restartPolicy: 'Never', volumes, containers: [container] }, finished);
  const port = String(parsePortsAnnotation(live.metadata.annotations?.[PORTS_ANNOTATION]).get(8080));
  expect(JSON.parse(logOf()[0] ?? '{}')).toEqual({
    args: [`--model_dir=${join(models.path, 'iris')}`, '--http_port', port, 'p', '/mnt/models2'],
    port, token: 'hidden', name: 'p', model: 'svc', config: 'alpha', path: true,
  });
  await models.remove();
});

describe('a pod that serves', () => {
  const server = (fields: Partial<Container> = {}): Container =>
    scriptContainer(HTTP_SERVER, { args: ['--http_port=8080'], ports: [{ containerPort: 8080, name: 'http' }], readinessProbe: { httpGet: { path: '/', port: 'http' } }, ...fields });

  async function ready(spec: PodSpec, name = 'p'): Promise<Pod> {
    await api.create(pod(name, spec));
    return until('the pod is ready', async () => {
      const live = await get(name);
      return live && isPodReady(live) ? live : undefined;
    });
  }

  test('becomes ready when its probe succeeds, long before the first period is over', async () => {
    await startKubelet();
    const live = await ready({ containers: [server()] });
    expect(live.status?.containerStatuses?.[0]).toMatchObject({ ready: true, started: true, state: { running: {} } });
    const port = parsePortsAnnotation(live.metadata.annotations?.[PORTS_ANNOTATION]).get(8080);
    const answer = await fetch(`http://127.0.0.1:${port}/x`);
    expect(await answer.json()).toMatchObject({ url: '/x' });
  });

  test('is restarted when its liveness probe fails', async () => {
    await startKubelet();
    const liveness = { httpGet: { path: '/', port: 9 }, periodSeconds: 0.01, failureThreshold: 2 };
    const live = await run({ containers: [server({ livenessProbe: liveness })] }, (s) => (s.containerStatuses?.[0]?.restartCount ?? 0) > 0);
    expect(live.status?.containerStatuses?.[0]?.lastState.terminated).toBeDefined();
    expect(logOf().join('\n')).toContain('liveness probe failed');
  });

  test('is asked to end, then removed from the API server', async () => {
    await startKubelet();
    await ready({ containers: [server()] });
    const pids = kubelet.pids;
    await api.delete({ apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'default' });
    await until('the pod is gone', async () => !(await get('p')));
    expect(pids.map(isAlive)).toEqual([false]);
  });

  test('is killed when it does not end within its grace period', async () => {
    await startKubelet();
    const stubborn = scriptContainer('process.on("SIGTERM", () => console.log("no")); setInterval(() => {}, 1000); console.log("up")');
    await run({ terminationGracePeriodSeconds: 0.05, containers: [stubborn] }, () => logOf().includes('up'));
    const pids = kubelet.pids;
    await api.delete({ apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'default' });
    await until('the pod is gone', async () => !(await get('p')));
    expect(pids.map(isAlive)).toEqual([false]);
  });
});

test('stop leaves no process, not even a grandchild, and no file', async () => {
  await startKubelet();
  const parent = scriptContainer('const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); console.log(c.pid); setInterval(() => {}, 1000)');
  await run({ containers: [parent] }, () => logOf().length > 0);
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(`isvc-local-${process.pid}-`));
  const pids = [...kubelet.pids, Number(logOf()[0])];
  expect(pids.map(isAlive)).toEqual([true, true]);
  await kubelet.stop(500);
  await until('the processes are gone', () => !pids.some(isAlive));
  const left = (await readdir(tmpdir())).filter((name) => folders.includes(name));
  expect(left.length).toBe(folders.length - 1);
});

test('a stop in the middle of a start leaves nothing', async () => {
  await startKubelet();
  for (let i = 0; i < 4; i++) void api.create(pod(`p${i}`, { containers: [scriptContainer('setInterval(() => {}, 1000)')] }) as KubeObject);
  await until('some pod is on its way', () => kubelet.pids.length > 0);
  const pids = kubelet.pids;
  await kubelet.stop(500);
  expect(kubelet.pids).toEqual([]);
  expect(pids.map(isAlive).filter(Boolean)).toEqual([]);
});
