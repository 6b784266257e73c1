import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster, type LocalCluster } from 'cdk8s-kserve-local';
import { pod, SCRIPT_IMAGE, scriptContainer } from '../../../packages/local/test/support/pods';
import { KUBECTL, runKubectl, type Said, saidByKubectl } from '../support/kubectl';
import { until } from '../support/until';

jest.setTimeout(60_000);

// What a person types who knows a real cluster; the words are those that a real API server answers with.
(KUBECTL ? describe : describe.skip)('kubectl on the embedded API server', () => {
  let cluster: LocalCluster;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isvc-kubectl-'));
    cluster = await startLocalCluster({ images: [SCRIPT_IMAGE], restartBackoff: { baseMs: 10, maxMs: 20 } });
    await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig, { mode: 0o600 });
  });

  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const options = (): { kubeconfig: string; folder: string } => ({ kubeconfig: join(folder, 'kubeconfig'), folder });
  const kubectl = (...args: readonly string[]): Promise<Said> => runKubectl(args, options());
  const said = (...args: readonly string[]): Promise<string> => saidByKubectl(args, options());

  test('logs shows the run that is, and with --previous the one before', async () => {
    const script = 'console.log(`run of ${process.pid}`); setTimeout(() => process.exit(1), 50)';
    await cluster.apply([pod('crasher', { containers: [scriptContainer(script)] }), pod('steady', { containers: [scriptContainer('console.log("one"); setInterval(() => {}, 1000)')] })]);
    await until('it was restarted', async () => Number(await said('get', 'pod', 'crasher', '-o', 'jsonpath={.status.containerStatuses[0].restartCount}')) > 1);
    expect(await said('logs', 'crasher', '--previous')).toMatch(/^run of \d+\n$/);
    await until('it speaks', async () => (await said('logs', 'steady')) === 'one\n');
    expect((await kubectl('logs', 'steady', '-p')).stderr).toContain('previous terminated container "main" in pod "steady" not found');
    expect(await said('logs', '-l', 'no=such')).toBe('');
  });

  test('a generated object is as good as a written one', async () => {
    expect(await said('create', 'configmap', 'conf', '--from-literal=a=b')).toBe('configmap/conf created\n');
    expect(await said('get', 'cm', 'conf', '-o', 'jsonpath={.data}')).toBe('{"a":"b"}');
  });

  test.each([
    [['exec', 'steady', '--', 'ls'], /not in local mode: containers are processes of this machine/],
    [['attach', 'steady'], /not in local mode: containers are processes of this machine/],
    [['port-forward', 'pod/steady', '1:8080'], /not needed in local mode: this pod listens on no port/],
    [['debug', 'steady', '--image=x'], /not in local mode/],
    [['scale', 'cm/conf', '--replicas=1'], /could not find the requested resource/],
    [['create', 'quota', 'q'], /could not find the requested resource/],
    [['top', 'pods'], /Metrics API not available/],
  ])('%j says no with a sentence', async (args, sentence) => {
    const { code, stderr } = await kubectl(...args);
    expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)]);
  });
});
