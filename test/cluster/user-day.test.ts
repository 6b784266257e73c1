import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCluster } from '../e2e/controller/support/cluster';
import { deploymentRef, iris, makeReady, rawChildren } from '../e2e/controller/support/iris';
import { PATIENCE_MS, until } from '../support/until';
import { KUBECTL, runKubectl, type Said, saidByKubectl } from '../e2e/support/kubectl';

const there = Boolean(process.env['ISVC_TEST_KUBECONFIG']) && KUBECTL !== undefined;

(there ? describe : describe.skip)('what a person sees who works with kubectl', () => {
  let cluster: TestCluster;
  let namespace: string;
  let folder: string;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    namespace = await cluster.namespace();
    folder = await mkdtemp(join(tmpdir(), 'isvc-user-day-'));
    await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig, { mode: 0o600 });
    await cluster.controller({ namespaces: [namespace] });
  });

  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const kubectl = (args: readonly string[], env: Record<string, string> = {}): Promise<Said> => runKubectl(['-n', namespace, ...args], { kubeconfig: join(folder, 'kubeconfig'), folder, env });
  const said = (...args: readonly string[]): Promise<string> => saidByKubectl(['-n', namespace, ...args], { kubeconfig: join(folder, 'kubeconfig'), folder });

  async function manifest(name: string, options: Parameters<typeof iris>[1] = {}): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, JSON.stringify(iris(namespace, options)));
    return file;
  }

  /** The row of `kubectl get isvc`, by the headings above it. */
  async function row(): Promise<Record<string, string>> {
    const [heading = '', values = ''] = (await said('get', 'isvc', 'iris')).trimEnd().split('\n');
    const starts = [...heading.matchAll(/\S+/g)].map(({ index, 0: name }) => ({ index, name }));
    return Object.fromEntries(starts.map(({ index, name }, i) => [name, values.slice(index, starts[i + 1]?.index).trim()]));
  }

  const children = (suffix = 'predictor'): ReturnType<typeof rawChildren> => [...rawChildren(namespace), { ...deploymentRef(namespace), name: `iris-${suffix}` }];
  const ready = (suffix?: string): Promise<void> => makeReady(cluster.api, children(suffix));
  /** Waits for a word of what kubectl prints. */
  const shows = (word: string | RegExp, ...args: readonly string[]): Promise<string> =>
    until(`kubectl ${args.join(' ')} shows ${String(word)}`, async () => {
      const { stdout } = await kubectl(args);
      return (typeof word === 'string' ? stdout.includes(word) : word.test(stdout)) ? stdout : undefined;
    });

  test('explain tells what the fields are for', async () => {
    expect(await said('explain', 'isvc.spec.predictor.minReplicas')).toContain('Smallest number of replicas, 1 when absent');
    expect(await said('explain', 'isvc.status.conditions')).toContain('Why, in one word for programs.');
  });

  test('apply refuses what cannot be, and says why', async () => {
    const refused = await kubectl(['apply', '-f', await manifest('bad.json', { predictor: { minReplicas: 3, maxReplicas: 1 } })]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('maxReplicas must not be below minReplicas (1 when absent); raise maxReplicas or lower minReplicas');
    expect((await kubectl(['apply', '-f', await manifest('typo.json', { predictor: { minReplica: 1 } })])).stderr).toContain('unknown field "spec.predictor.minReplica"');
    expect((await kubectl(['get', 'isvc', 'iris'])).stderr).toContain('"iris" not found');
  });

  test('apply makes the service, dry runs and diffs first', async () => {
    const file = await manifest('iris.json');
    expect(await said('apply', '--dry-run=server', '-f', file)).toBe('inferenceservice.serving.kserve.io/iris created (server dry run)\n');
    expect((await kubectl(['diff', '-f', file])).code).toBe(1);
    expect(await said('apply', '-f', file)).toBe('inferenceservice.serving.kserve.io/iris created\n');
    expect(await said('apply', '-f', file)).toBe('inferenceservice.serving.kserve.io/iris unchanged\n');
    for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
    await shows('False', 'get', 'isvc', 'iris');
    expect(await row()).toMatchObject({ NAME: 'iris', READY: 'False', PREV: '', LATEST: '' });
  });

  test('wait ends when the service is ready; get, describe and events tell so', async () => {
    const waiting = said('wait', '--for=condition=Ready', `--timeout=${PATIENCE_MS / 1000}s`, 'isvc/iris');
    await ready();
    expect(await waiting).toBe('inferenceservice.serving.kserve.io/iris condition met\n');
    expect(await row()).toMatchObject({ NAME: 'iris', URL: expect.stringMatching(/^http:\/\/iris-t-.*\.example\.com$/) as string, READY: 'True', AGE: expect.stringMatching(/^\d+s$/) as string });
    expect(await said('get', 'isvc', 'iris', '-o', 'jsonpath={.status.conditions[?(@.type=="Servable")].status}')).toBe('True');
    const described = await shows('InferenceServiceReady', 'describe', 'isvc', 'iris');
    expect(described).toMatch(/Events:[^]*Normal\s+InferenceServiceReady\s+\S+\s+cdk8s-kserve\s+the service is ready/);
    expect(await said('events', '--for', 'isvc/iris')).toContain('the service is ready');
  });

  test('patch and edit reach the pods', async () => {
    expect(await said('patch', 'isvc', 'iris', '--type=merge', '-p', '{"spec":{"predictor":{"minReplicas":2,"maxReplicas":4}}}')).toContain('patched');
    await shows(/^2 4$/, 'get', 'hpa', 'iris-predictor', '-o', 'jsonpath={.spec.minReplicas} {.spec.maxReplicas}');
    const edited = await kubectl(['edit', 'isvc', 'iris'], { KUBE_EDITOR: 'sed -i s,pvc://models/iris,pvc://models/iris-2,' });
    expect(edited.stdout).toContain('inferenceservice.serving.kserve.io/iris edited');
    await shows('iris-2', 'get', 'deployment', 'iris-predictor', '-o', 'json');
    const refused = await kubectl(['patch', 'isvc', 'iris', '--type=json', '-p', '[{"op":"replace","path":"/spec/predictor/maxReplicas","value":1}]']);
    expect(refused.stderr).toContain('maxReplicas must not be below minReplicas');
  });

  test('a canary gets its share once it answers, and goes again', async () => {
    const model = { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/next' };
    const weights = ['get', 'httproute', 'iris-predictor', '-o', 'jsonpath={.spec.rules[*].backendRefs[*].weight}'];
    await ready();
    await said('wait', '--for=condition=Ready', `--timeout=${PATIENCE_MS / 1000}s`, 'isvc/iris');
    await said('patch', 'isvc', 'iris', '--type=merge', '-p', JSON.stringify({ spec: { canary: [{ predictor: { name: 'next', model }, trafficPercent: 20 }] } }));
    const deployments = await shows(/iris-.*next/, 'get', 'deployment', '-o', 'name');
    const [canary = ''] = deployments.split('\n').filter((name) => /iris-.*next/.test(name));
    await shows('CanaryPredictorReady', 'describe', 'isvc', 'iris');
    expect(await said(...weights)).not.toContain('20');
    await ready(canary.replace('deployment.apps/iris-', ''));
    await shows(/\b80 20\b|\b20 80\b/, ...weights);
    await said('wait', '--for=condition=CanaryPredictorReady', `--timeout=${PATIENCE_MS / 1000}s`, 'isvc/iris');
    const ref = { ...deploymentRef(namespace), name: canary.replace('deployment.apps/', '') };
    const live = await cluster.eventually(ref, 'is there');
    const condition = { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'crashed' };
    await cluster.api.replaceStatus({ ...live, status: { observedGeneration: live.metadata.generation, replicas: 1, unavailableReplicas: 1, conditions: [condition] } });
    await shows(/^100 0$|^0 100$|^100$/, ...weights);
    expect(await shows('CanaryRolledBack', 'describe', 'isvc', 'iris')).toMatch(/Warning\s+CanaryRolledBack.*without traffic: iris-.*next/);
    await said('patch', 'isvc', 'iris', '--type=merge', '-p', '{"spec":{"canary":null}}');
    await said('wait', '--for=delete', `--timeout=${PATIENCE_MS / 1000}s`, canary);
  });

  test('the annotation stops it, and starts it again', async () => {
    await said('annotate', 'isvc', 'iris', 'serving.kserve.io/stop=true');
    await said('wait', '--for=delete', `--timeout=${PATIENCE_MS / 1000}s`, 'deployment/iris-predictor');
    await shows(/Normal\s+Stopped/, 'describe', 'isvc', 'iris');
    expect(await row()).toMatchObject({ READY: 'False' });
    await said('annotate', 'isvc', 'iris', 'serving.kserve.io/stop-');
    for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears again');
    await ready();
    await said('wait', '--for=condition=Ready', `--timeout=${PATIENCE_MS / 1000}s`, 'isvc/iris');
  });

  test('delete takes everything along', async () => {
    expect(await said('delete', 'isvc', 'iris')).toMatch(/inferenceservice.serving.kserve.io "iris" deleted/);
    for (const ref of rawChildren(namespace)) await cluster.gone(ref);
    expect((await kubectl(['get', 'deployment,service,hpa,httproute,configmap'])).stdout).not.toContain('iris');
  });
});
