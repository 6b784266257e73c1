import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILT_IN_RUNTIMES, customResourceDefinitions, type InferenceService, type KubeObject } from 'cdk8s-kserve/api';
import { startLocalCluster, type LocalCluster } from 'cdk8s-kserve-local';
import { ask } from '../support/ask';
import { EXPECTED } from '../support/expected';
import { EXAMPLE, isAlive } from '../support/isvc-process';
import { until } from '../../support/until';

const CONTROLLER = join(__dirname, '../../../packages/controller/bin/isvc-controller.js');
const HOSTS = { RawDeployment: 'iris-raw.example.com', Serverless: 'iris-predictor.serverless.example.com' } as const;

let folder: string;
let cluster: LocalCluster;
let controller: ChildProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-kill-'));
  cluster = await startLocalCluster({ sourceMap: { 'pvc://iris-models': join(EXAMPLE, 'models') } });
  writeFileSync(join(folder, 'kubeconfig'), cluster.kubeconfig, { mode: 0o600 });
  const namespaces = ['raw', 'serverless'].map((name): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  await cluster.apply([...customResourceDefinitions(), ...namespaces, ...BUILT_IN_RUNTIMES]);
});

afterAll(async () => {
  await killController();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

function startController(): void {
  controller = spawn(process.execPath, [CONTROLLER, '--kubeconfig', join(folder, 'kubeconfig')], { stdio: 'ignore' });
}

async function killController(): Promise<void> {
  if (controller.exitCode !== null || controller.signalCode !== null) return;
  const end = once(controller, 'exit');
  controller.kill('SIGKILL');
  await end;
}

function service(name: string, namespace: string, mode: keyof typeof HOSTS, env: string): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name, namespace, annotations: { 'serving.kserve.io/deploymentMode': mode } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://iris-models/svc', env: [{ name: 'ROUND', value: env }] } } },
  };
}

const services = (round: string): readonly InferenceService[] => [service('iris', 'raw', 'RawDeployment', round), service('iris', 'serverless', 'Serverless', round)];

async function isReady(round: InferenceService): Promise<boolean> {
  const { name, namespace = '' } = round.metadata;
  const live = (await cluster.api.get({ apiVersion: round.apiVersion, kind: round.kind, name, namespace })) as InferenceService | undefined;
  const ready = live?.status?.conditions?.find((c) => c.type === 'Ready');
  return ready?.status === 'True' && live?.status?.observedGeneration === live?.metadata.generation;
}

async function allReady(round: string): Promise<void> {
  await until(`services of round ${round} to be ready`, async () => (await Promise.all(services(round).map(isReady))).every(Boolean));
}

/** Answers of both services over both protocols, which must be scikit-learn's whatever happened before. */
async function expectAnswers(): Promise<void> {
  for (const host of Object.values(HOSTS)) {
    await until(`${host} to answer`, async () => (await ask(cluster.gatewayUrl, host, '/v1/models/iris')).status === 200);
    const answer = await ask(cluster.gatewayUrl, host, '/v1/models/iris:predict', { instances: EXPECTED.inputs });
    expect(answer).toEqual({ status: 200, body: JSON.stringify({ predictions: EXPECTED.predict }) });
  }
}

async function childKinds(): Promise<Readonly<Record<string, number>>> {
  const kinds = [['apps/v1', 'Deployment'], ['autoscaling/v2', 'HorizontalPodAutoscaler'], ['gateway.networking.k8s.io/v1', 'HTTPRoute'], ['serving.knative.dev/v1', 'Service']] as const;
  const counts: Record<string, number> = {};
  for (const [apiVersion, kind] of kinds) {
    const resource = await cluster.api.discover(apiVersion, kind);
    const items = resource ? (await cluster.api.list(resource)).items : [];
    counts[`${apiVersion} ${kind}`] = items.filter((i) => i.metadata.ownerReferences?.some((o) => o.kind === 'InferenceService')).length;
  }
  return counts;
}

it('a controller killed while it creates children leaves nothing half done', async () => {
  await cluster.apply(services('1'));
  startController();
  // Killed as soon as the first child is there, wherever it is in its work.
  await until('a first child', async () => Object.values(await childKinds()).some((n) => n > 0));
  await killController();
  startController();
  await allReady('1');
  await expectAnswers();
  expect(await childKinds()).toEqual({ 'apps/v1 Deployment': 1, 'autoscaling/v2 HorizontalPodAutoscaler': 1, 'gateway.networking.k8s.io/v1 HTTPRoute': 2, 'serving.knative.dev/v1 Service': 1 });
});

it('services answer while no controller runs, and a change made meanwhile is picked up', async () => {
  await killController();
  await expectAnswers();
  await cluster.apply(services('2'));
  startController();
  await until('the new spec to be seen', async () => (await Promise.all(services('2').map(isReady))).every(Boolean));
  await expectAnswers();
});

it('runtime processes that are killed come back with the same answers', async () => {
  const victims = [...cluster.pids];
  expect(victims.length).toBeGreaterThan(0);
  for (const pid of victims) process.kill(pid, 'SIGKILL');
  await until('the killed processes to be gone', () => !victims.some(isAlive));
  await expectAnswers();
  await allReady('2');
  expect(cluster.pids.some((pid) => victims.includes(pid))).toBe(false);
});
