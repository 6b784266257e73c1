import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customResourceDefinitions } from 'cdk8s-kserve/api';
import { startLocalCluster, type LocalCluster } from 'cdk8s-kserve-local';
import { pod, SCRIPT_IMAGE, scriptContainer } from '../../../packages/local/test/support/pods';
import { KUBECTL, KUBECTL_MINOR, runKubectl, type Said, saidByKubectl } from '../support/kubectl';
import { until } from '../../support/until';

// What a person types who knows a real cluster; the words are those that a real API server answers with.
(KUBECTL ? describe : describe.skip)('kubectl on the embedded API server', () => {
  let cluster: LocalCluster;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isvc-kubectl-'));
    cluster = await startLocalCluster({ images: [SCRIPT_IMAGE], restartBackoff: { baseMs: 10, maxMs: 20 } });
    await cluster.apply(customResourceDefinitions());
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
    [['create', 'ingress', 'gen', '--rule=a.b/=web:80,tls=s'], ['ingress', 'gen'], { rules: [{ host: 'a.b' }], tls: [{ hosts: ['a.b'] }] }],
    [['create', 'pdb', 'gen', '--selector=app=web', '--max-unavailable=50%'], ['pdb', 'gen'], { maxUnavailable: '50%', selector: { matchLabels: { app: 'web' } } }],
    [['create', 'deployment', 'gen', '--image=y:1', '--replicas=0'], ['deploy', 'gen'], { replicas: 0, template: { spec: { containers: [{ image: 'y:1' }] } } }],
  ])('%j reaches the server as protobuf', async (make, look, spec) => {
    await said(...make);
    expect(JSON.parse(await said('get', ...look, '-o', 'json'))).toMatchObject({ spec });
  });

  test('autoscale makes an HPA, with a kubectl that writes autoscaling/v1 as with one that writes v2', async () => {
    await said('create', 'deployment', 'scaled', '--image=y:1', '--replicas=0');
    await said('autoscale', 'deployment', 'scaled', '--max=3', KUBECTL_MINOR >= 34 ? '--cpu=50%' : '--cpu-percent=50');
    expect(await said('get', 'hpa', 'scaled')).toMatch(/Deployment\/scaled +cpu: <unknown>\/50% +1 +3 /);
    expect(JSON.parse(await said('get', 'horizontalpodautoscalers.v1.autoscaling', 'scaled', '-o', 'json'))).toMatchObject({ apiVersion: 'autoscaling/v1', spec: { maxReplicas: 3, targetCPUUtilizationPercentage: 50 } });
    await said('delete', 'deploy/scaled', 'hpa/scaled');
  });

  // An older kubectl has no amounts.
  (KUBECTL_MINOR >= 34 ? test : test.skip)('autoscale follows an amount of CPU, too', async () => {
    await said('autoscale', 'deployment', 'gen', '--max=3', '--cpu=500m');
    const metrics = [{ resource: { target: { averageValue: '500m' } } }];
    expect(JSON.parse(await said('get', 'hpa', 'gen', '-o', 'json'))).toMatchObject({ spec: { maxReplicas: 3, metrics } });
  });

  test('describe and events tell what became of a pod; rollout undo goes back, with a cause', async () => {
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [scriptContainer('setInterval(() => {}, 1000)')] } } } };
    await writeFile(join(folder, 'web.json'), JSON.stringify(web));
    await said('create', '-f', 'web.json');
    await said('annotate', 'deploy', 'web', 'kubernetes.io/change-cause=the first');
    expect(await said('rollout', 'status', 'deploy/web')).toContain('successfully rolled out');
    await said('patch', 'deploy', 'web', '-p', JSON.stringify({ metadata: { annotations: { 'kubernetes.io/change-cause': 'a variable' } }, spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'A', value: '1' }] }] } } } }));
    await said('rollout', 'status', 'deploy/web');
    expect(await said('rollout', 'history', 'deploy/web')).toMatch(/1 +the first\n2 +a variable\n/);
    await said('rollout', 'undo', 'deploy/web');
    await said('rollout', 'status', 'deploy/web');
    expect(await said('rollout', 'history', 'deploy/web')).toMatch(/REVISION +CHANGE-CAUSE\n2 .*\n3 .*\n\n$/);
    expect(await said('describe', 'deploy', 'web')).toMatch(/Events:[^]*Normal +ScalingReplicaSet .*deployment-controller +Scaled up replica set web-\w+ from 0 to 1/);
    expect(await said('describe', 'pod', '-l', 'app=web')).toMatch(/Normal +Scheduled .*Successfully assigned default\/web-[^]*Normal +Started .*kubelet +Started container main/);
    expect(await said('get', 'events', '--field-selector=reason=Killing')).toMatch(/Normal +Killing +pod\/web-\S+ +Stopping container main/);
  });

  test('explain prints kinds to their last field', async () => {
    for (const kind of ['pods', 'nodes', 'events', 'hpa', 'crd', 'httproutes', 'ksvc']) expect(await said('explain', kind, '--recursive')).toMatch(/metadata\t<ObjectMeta>\n {4}annotations\t<map\[string\]string>/);
    expect(await said('explain', 'deployment.spec.strategy.rollingUpdate')).toContain('maxSurge\t<IntOrString>');
    expect((await kubectl('explain', 'pod.spec.nosuch')).stderr).toBe('error: field "nosuch" does not exist\n');
  });

  test('explain tells what our fields are for, in the words of our CRDs', async () => {
    expect(await said('explain', 'isvc.spec.predictor.minReplicas')).toMatch(/FIELD: minReplicas <integer>[^]*DESCRIPTION:\n +Smallest number of replicas, 1 when absent; 0 allows scale to zero/);
    expect(await said('explain', 'isvc.spec.predictor.model')).toMatch(/Name of a ServingRuntime[^]*As pod\.spec\.containers\.volumeMounts\.\n/);
    expect(await said('explain', 'isvc.status.conditions')).toContain('Why, in one word for programs.');
    expect(await said('explain', 'isvc.spec.canary')).toContain('versions beside the stable one');
  });

  test('what applied on the client goes over to the server, with its fields', async () => {
    const [one, two] = [{ a: '1' }, { a: '2' }].map((data) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'moved', namespace: 'default' }, data }));
    await writeFile(join(folder, 'moved.json'), JSON.stringify(one));
    await said('apply', '-f', 'moved.json');
    expect(await said('apply', '-f', 'moved.json', '--server-side')).toBe('configmap/moved serverside-applied\n');
    await writeFile(join(folder, 'moved.json'), JSON.stringify(two));
    expect(await said('apply', '-f', 'moved.json', '--server-side')).toBe('configmap/moved serverside-applied\n');
    expect((await kubectl('apply', '-f', 'moved.json', '--server-side', '--field-manager=other')).code).toBe(0);
    const managers = await said('get', 'cm', 'moved', '--show-managed-fields', '-o', 'jsonpath={.metadata.managedFields[*].manager}');
    expect(managers.split(' ').sort()).toEqual(['kubectl', 'kubectl-last-applied', 'other']);
  });

  test('auth says that the token may do everything', async () => {
    expect(await said('auth', 'can-i', 'delete', 'pods')).toBe('yes\n');
    expect(await said('auth', 'whoami')).toMatch(/Username +cdk8s-kserve/);
  });

  test('a kind that is not there is called so', async () => {
    await writeFile(join(folder, 'monitor.json'), JSON.stringify({ apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata: { name: 'x' } }));
    expect((await kubectl('apply', '-f', 'monitor.json')).stderr).toContain('no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"');
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
