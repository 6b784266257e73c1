import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startNode, type LocalNode } from 'cdk8s-kserve-local';
import { TestCluster } from '../e2e/controller/support/cluster';
import { makeReady } from '../e2e/controller/support/iris';
import { PATIENCE_MS } from '../support/until';
import { Transcript } from './support/transcript';

// Runs the steps of docs/how-to/on-a-real-api-server.md and compares what they print with the page; `node
// scripts/cluster/transcript.mjs` writes the page anew.
const ROOT = resolve(__dirname, '../..');
const PAGE = join(ROOT, 'docs/how-to/on-a-real-api-server.md');
const KUBECTL = process.env['ISVC_TEST_KUBECTL'] ?? 'kubectl';
const there = process.env['ISVC_TEST_CLUSTER_WORKLOADS'] === 'real' && spawnSync(KUBECTL, ['version', '--client']).status === 0;
jest.setTimeout(5 * PATIENCE_MS);

const SERVICE = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  annotations:
    serving.kserve.io/deploymentMode: RawDeployment
spec:
  predictor:
    maxReplicas: 1
    model:
      modelFormat: { name: sklearn }
      storageUri: pvc://models/version-1
`;
const CANARY = { spec: { canary: [{ trafficPercent: 10, predictor: { name: 'next', model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/version-2' } } }] } };
const PROMOTED = { spec: { canary: null, predictor: { model: { storageUri: 'pvc://models/version-2' } } } };

(there ? describe : describe.skip)('a day with kubectl on a real API server', () => {
  let cluster: TestCluster;
  let node: LocalNode;
  let folder: string;
  let page: Transcript;
  const players = new AbortController();
  let playing: Promise<void>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isvc-transcript-'));
    const models = { 'version-1': 'examples/01-first-model/models/svc/model.joblib', 'version-2': 'packages/runtime/test/fixtures/sklearn/svc-object-labels.joblib' };
    for (const [version, file] of Object.entries(models)) {
      await mkdir(join(folder, 'models', version), { recursive: true });
      await cp(join(ROOT, file), join(folder, 'models', version, 'model.joblib'));
    }
    cluster = await TestCluster.start();
    await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig, { mode: 0o600 });
    await writeFile(join(folder, 'iris.yaml'), SERVICE);
    await cp(join(ROOT, 'crds'), join(folder, 'crds'), { recursive: true });
    node = await startNode({ api: cluster.api, sourceMap: { 'pvc://models': join(folder, 'models') }, stopGraceMs: 500 });
    await cluster.controller({ namespaces: ['kserve-test'] });
    playing = playGatewayAndKnative();
    page = new Transcript({ folder, patienceMs: PATIENCE_MS, env: { ...process.env, PATH: `${resolve(KUBECTL, '..')}:${process.env['PATH'] ?? ''}`, HOME: folder, KUBECONFIG: join(folder, 'kubeconfig') } });
  });

  afterAll(async () => {
    players.abort();
    await playing;
    await cluster.api.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'kserve-test' });
    await node.stop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Accepts every route; says of every Knative Service that it is ready. Neither program is on this cluster. */
  async function playGatewayAndKnative(): Promise<void> {
    const { api } = cluster;
    const namespace = 'kserve-test';
    while (!players.signal.aborted) {
      const routes = await api.list({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', plural: 'httproutes', namespaced: true }, { namespace }).catch(() => undefined);
      const unseen = (routes?.items ?? []).filter((route) => route['status'] === undefined);
      await makeReady(api, unseen.map((route) => ({ apiVersion: route.apiVersion, kind: route.kind, name: route.metadata.name, namespace }))).catch(() => undefined);
      const services = await api.list({ apiVersion: 'serving.knative.dev/v1', kind: 'Service', plural: 'services', namespaced: true }, { namespace }).catch(() => undefined);
      for (const service of (services?.items ?? []).filter((s) => s['status'] === undefined)) {
        const conditions = ['Ready', 'RoutesReady', 'ConfigurationsReady'].map((type) => ({ type, status: 'True' }));
        const revision = `${service.metadata.name}-00001`;
        const status = { observedGeneration: service.metadata.generation, conditions, latestCreatedRevisionName: revision, latestReadyRevisionName: revision, traffic: [{ latestRevision: true, percent: 100, revisionName: revision }] };
        await api.replaceStatus({ ...service, status }).catch(() => undefined);
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Asks the pods of a Deployment at the port that the node gave them: nothing routes to them here. */
  async function predict(deployment: string, answer: RegExp): Promise<void> {
    const ports = await page.silently(`kubectl get pods -n kserve-test -l app=isvc.${deployment} --field-selector status.phase=Running -o jsonpath='{.items[0].metadata.annotations.local\\.cdk8s-kserve\\.io/ports}'`, /8080/);
    const port = (JSON.parse(ports) as Record<string, number>)['8080'] ?? 0;
    const output = await page.silently(`curl -s -d '{"instances": [[6.8, 2.8, 4.8, 1.4]]}' localhost:${port}/v1/models/iris:predict`, answer);
    page.say(['```', `$ curl -d '{"instances": [[6.8, 2.8, 4.8, 1.4]]}' localhost:$PORT/v1/models/iris:predict   # a pod of ${deployment}`, output, '```'].join('\n'));
  }

  test('prints what the page says', async () => {
    page.say(
      '# A day on a real API server',
      'Made by `node scripts/cluster/transcript.mjs`; `npm run test:cluster` checks that it still is what the commands print.',
      'etcd, kube-apiserver and kube-controller-manager are the real programs, and so is `kubectl`. The pods of the Deployments are processes of one machine. A gateway and Knative are not there: the script accepts the routes and says that the Knative Service is ready, in their place. [The hands-on course](hands-on-course.md) has both, on a laptop.',
      '## Install',
      'The kinds; then the controller, here as a process (`isvc-controller --kubeconfig kubeconfig`), in a cluster [as a Deployment](install-the-controller.md).',
    );
    await page.shell('kubectl apply --server-side -f crds/');
    await page.shell('kubectl create namespace kserve-test');
    page.say('## First service', `\`iris.yaml\`:\n\n\`\`\`yaml\n${SERVICE}\`\`\``);
    await page.shell('kubectl apply -n kserve-test -f iris.yaml');
    await page.shell('kubectl wait -n kserve-test --for=condition=Ready --timeout=60s isvc/iris');
    await page.shell('kubectl get isvc,deployments -n kserve-test', /1\/1 /);
    await predict('iris-predictor', /"predictions":\[1\]/);
    page.say('## Canary', 'A tenth of the requests for the second version, which answers with the name of the class.');
    await page.shell(`kubectl patch isvc iris -n kserve-test --type=merge -p '${JSON.stringify(CANARY)}'`);
    await page.shell('kubectl wait -n kserve-test --for=condition=CanaryPredictorReady --timeout=60s isvc/iris');
    await page.shell('kubectl get deployments -n kserve-test', /1\/1 [^]*1\/1 /);
    await page.shell("kubectl get httproute iris -n kserve-test -o jsonpath='{range .spec.rules[0].backendRefs[*]}{.name} {.weight}{\"\\n\"}{end}'", / 90\n.* 10$/);
    await predict('iris-next-predictor', /versicolor/);
    page.say('It becomes the version; its Deployment, the canary\'s, is removed.');
    await page.shell(`kubectl patch isvc iris -n kserve-test --type=merge -p '${JSON.stringify(PROMOTED)}'`);
    await page.silently('kubectl wait -n kserve-test --for=delete --timeout=60s deployment/iris-next-predictor');
    await page.silently('kubectl rollout status -n kserve-test deployment/iris-predictor --timeout=60s');
    await page.silently('kubectl get pods -n kserve-test -l app=isvc.iris-predictor -o name', /^\S+$/);
    await page.shell('kubectl get isvc,deployments -n kserve-test', /1\/1 /);
    await predict('iris-predictor', /versicolor/);
    page.say('## The other mode', 'The Deployment serves until Knative\'s revision is ready; then it goes.');
    await page.shell('kubectl annotate isvc iris -n kserve-test serving.kserve.io/deploymentMode=Serverless --overwrite');
    await page.silently('kubectl wait -n kserve-test --for=delete --timeout=60s deployment/iris-predictor');
    await page.shell('kubectl wait -n kserve-test --for=condition=Ready --timeout=60s isvc/iris');
    await page.shell('kubectl get isvc,deployments,services.serving.knative.dev -n kserve-test', /iris-predictor-00001/);
    page.say('## Remove');
    await page.shell('kubectl delete isvc iris -n kserve-test');
    await page.silently('kubectl get deployments,replicasets,pods,services,hpa,httproutes,services.serving.knative.dev,configmaps -n kserve-test -o name', /^(?!.*iris)/s);
    await page.shell('kubectl get deployments,pods,services,hpa,httproutes,services.serving.knative.dev -n kserve-test');
    if (process.env['ISVC_WRITE_TRANSCRIPT']) await writeFile(PAGE, page.text());
    expect(page.text()).toBe(await readFile(PAGE, 'utf8'));
  });
});
