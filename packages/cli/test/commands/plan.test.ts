import { EventEmitter } from 'node:events';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runIsvc, type Io } from '../../src';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-plan-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function isvc(...args: readonly string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const io: Io = { out: { write: (t: string) => (out += t) }, err: { write: (t: string) => (err += t) }, colors: false, signals: new EventEmitter(), now: () => new Date(0), exitCode: 0 };
  const code = await runIsvc(args, io);
  return { code, out, err };
}

function write(path: string, storageUri: string, extra = ''): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  namespace: ns
  annotations: { serving.kserve.io/deploymentMode: RawDeployment }
spec:
  predictor:
    minReplicas: 2${extra}
    model: { modelFormat: { name: sklearn }, storageUri: ${storageUri} }
`);
  return join(file, '..');
}

describe('isvc plan', () => {
  it('shows what a folder creates, with reasons, and ends with 2', async () => {
    const { code, out, err } = await isvc('plan', write('a/isvc.yaml', 's3://m/iris'));
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(out).toMatch(/^InferenceService ns\/iris \(Standard\)\n {2}\+ Service iris-predictor\n {2}\+ Deployment iris-predictor\n/);
    expect(out).toContain('runtime: ClusterServingRuntime kserve-sklearnserver (');
    expect(out).toMatch(/Plan: 5 added, 0 changed, 0 removed; no pod restarts\.\n$/);
  });

  it('ends with 0 when nothing changes', async () => {
    const { code, out } = await isvc('plan', write('a/isvc.yaml', 's3://m/iris'), '--against', write('b/isvc.yaml', 's3://m/iris'));
    expect(code).toBe(0);
    expect(out).toBe('Without change: InferenceService ns/iris\n\nNo change.\n');
  });

  it('tells the reasons of what does not change only when asked', async () => {
    const { out } = await isvc('plan', write('a/isvc.yaml', 's3://m/iris'), '--against', write('b/isvc.yaml', 's3://m/iris'), '--all');
    expect(out).toMatch(/^InferenceService ns\/iris \(Standard\)\n {2}no change\n {2}mode: /);
  });

  it('names the field that changes and the pods that restart', async () => {
    const { code, out } = await isvc('plan', write('a/isvc.yaml', 's3://m/v2'), '--against', write('b/isvc.yaml', 's3://m/v1'));
    expect(code).toBe(2);
    expect(out).toContain('  ~ Deployment iris-predictor\n      spec.template.spec.initContainers[name=storage-initializer].args[0]: "s3://m/v1" -> "s3://m/v2"\n      restarts 2 pods: ');
    expect(out).toMatch(/Plan: 0 added, 1 changed, 0 removed; 2 pods restart\.\n$/);
  });

  it('compares with a git revision', async () => {
    const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder, encoding: 'utf8' });
    const dist = write('dist/isvc.yaml', 's3://m/v1');
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    expect((await isvc('plan', dist, '--against', 'git:HEAD')).code).toBe(0);
    write('dist/isvc.yaml', 's3://m/v2');
    expect((await isvc('plan', dist, '--against', 'git:HEAD')).out).toContain('"s3://m/v1" -> "s3://m/v2"');
    const missing = await isvc('plan', dist, '--against', 'git:nowhere');
    expect(missing.code).toBe(1);
    expect(missing.err).toMatch(/^isvc: cannot read git:nowhere: there is no revision "nowhere"; .*\[ISVC_CLI_AGAINST\]\n$/);
  });

  it('prints JSON and writes the children', async () => {
    const out = join(folder, 'out');
    const result = await isvc('plan', write('a/isvc.yaml', 's3://m/iris'), '--json', '--out', out);
    expect((JSON.parse(result.out) as { summary: object }).summary).toEqual({ added: 5, changed: 0, removed: 0, restartedPods: 0 });
    expect(readdirSync(join(out, 'ns')).sort()).toEqual(['deployment.iris-predictor.yaml', 'horizontalpodautoscaler.iris-predictor.yaml', 'httproute.iris-predictor.yaml', 'httproute.iris.yaml', 'service.iris-predictor.yaml']);
    expect(readFileSync(join(out, 'ns/deployment.iris-predictor.yaml'), 'utf8')).toContain('kind: Deployment');
  });

  it('tells of errors at their lines and ends with 1', async () => {
    const { code, err, out } = await isvc('plan', write('a/isvc.yaml', 's3://m/iris', '\n    minReplica: 2'));
    expect(code).toBe(1);
    expect(err).toMatch(/isvc\.yaml:10:5: error: spec\.predictor\.minReplica: unknown field "minReplica"; did you mean "minReplicas" \[ISVC_API_UNKNOWN_FIELD\]/);
    expect(out).toContain('cannot be rendered');
  });

  it('uses a world beside the folder', async () => {
    const world = join(folder, 'world');
    mkdirSync(world);
    writeFileSync(join(world, 'config.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inferenceservice-config, namespace: kserve}\ndata:\n  ingress: \'{"enableGatewayApi": true, "ingressDomain": "other.org"}\'\n');
    expect((await isvc('plan', write('a/isvc.yaml', 's3://m/iris'), '--world', world)).out).toContain('route: host iris-ns.other.org');
  });

  it('refuses a folder that is not there', async () => {
    const { code, err } = await isvc('plan', join(folder, 'nothing'));
    expect(code).toBe(1);
    expect(err).toMatch(/ISVC_CLI_NO_MANIFESTS/);
  });
});
