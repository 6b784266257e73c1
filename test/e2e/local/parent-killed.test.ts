import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { isAlive } from '../support/isvc-process';
import { until } from '../../support/until';

const ROOT = resolve(__dirname, '../../..');

/** A program that starts a cluster with one model server, prints the server's process id, and waits. */
const PROGRAM = `
const { startLocalCluster } = require('cdk8s-kserve-local');
(async () => {
  const cluster = await startLocalCluster({ sourceMap: { 'pvc://iris-models': ${JSON.stringify(resolve(ROOT, 'examples/01-first-model/models'))} } });
  const container = {
    name: 'server', image: 'cdk8s-kserve/runtime', args: ['serve', '--model_name=iris', '--model_dir=/mnt/models'],
    readinessProbe: { tcpSocket: { port: 8080 } }, ports: [{ containerPort: 8080 }], volumeMounts: [{ name: 'model', mountPath: '/mnt/models', subPath: 'svc' }],
  };
  const spec = { containers: [container], volumes: [{ name: 'model', persistentVolumeClaim: { claimName: 'iris-models' } }] };
  await cluster.apply([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'iris' }, spec }]);
  for (;;) {
    const pod = await cluster.api.get({ apiVersion: 'v1', kind: 'Pod', name: 'iris', namespace: 'default' });
    if (pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')) break;
    await new Promise((again) => setTimeout(again, 10));
  }
  console.log(JSON.stringify({ pids: cluster.pids }));
  if (process.argv[1] === 'throw') setTimeout(() => { throw new Error('a defect'); }, 0);
})().catch((error) => { console.error(error); process.exit(1); });
`;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const parent of started.splice(0)) parent.kill('SIGKILL');
});

test.each([
  ['is killed', 'SIGKILL' as const, 'wait'],
  ['ends by an exception', undefined, 'throw'],
])('model servers do not outlive the cluster that started them when it %s', async (_what, signal, mode) => {
  const parent = spawn(process.execPath, ['-e', PROGRAM, mode], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(parent);
  let errors = '';
  parent.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const line = await new Promise<string>((told, failed) => {
    let text = '';
    parent.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) told(text);
    });
    parent.once('exit', () => failed(new Error(`the cluster ended early: ${errors}`)));
  });
  const { pids } = JSON.parse(line) as { readonly pids: readonly number[] };
  expect(pids).toHaveLength(1);
  const ended = new Promise((resolved) => parent.once('close', resolved));
  if (signal) parent.kill(signal);
  await ended;
  await until('the end of the server', () => !pids.some(isAlive));
});
