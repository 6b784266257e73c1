import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, pickle, text } from '../../../runtime/test/support/pickle-writer';
import { fakeS3 } from '../../../runtime/test/storage/support/fake-s3';
import { FAKE_STORES, SECRETS } from '../../../runtime/test/storage/support/fake-stores';
import type { Io } from '../../src/io';
import { runIsvc } from '../../src/program';

const S3 = { accessKeyId: 'AKIATEST', secretAccessKey: SECRETS.s3 };
const FILES = { 'model.joblib': Buffer.alloc(5000, 'm'), 'more.bin': Buffer.alloc(5000, 'n') };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-creds-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ran { readonly code: number; readonly out: string; readonly err: string }

async function isvc(argv: readonly string[], signals = new EventEmitter()): Promise<Ran> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: { write: (t: string) => (out += t) }, err: { write: (t: string) => (err += t) }, colors: false, signals, now: () => new Date(0), exitCode: 0,
  };
  const ran = { code: await runIsvc(['creds', ...argv], io), out, err };
  return { ...ran, out, err };
}

/** Runs it over manifests; whatever it says, no secret is in it. */
async function creds(...manifests: readonly object[]): Promise<Ran & { readonly checks: readonly Record<string, string>[] }> {
  writeFileSync(join(folder, 'all.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }));
  const ran = await isvc([folder, '--json']);
  const shown = ran.out + ran.err;
  for (const secret of Object.values(SECRETS)) for (const form of [secret, Buffer.from(secret).toString('base64')]) expect(shown).not.toContain(form);
  return { ...ran, checks: ran.out === '' ? [] : (JSON.parse(ran.out) as { checks: Record<string, string>[] }).checks };
}

const at = (name: string): object => ({ name, namespace: 'models' });
function iris(storageUri: string, { account = 'reader', name = 'iris', annotations = {} }: { account?: string; name?: string; annotations?: object } = {}): object {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { ...at(name), annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment', ...annotations } },
    spec: { predictor: { serviceAccountName: account, model: { modelFormat: { name: 'sklearn' }, storageUri } } },
  };
}
const account = (secrets: readonly string[], annotations: object = {}, name = 'reader'): object => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...at(name), annotations }, secrets: secrets.map((s) => ({ name: s })) });
const secret = (name: string, stringData: Readonly<Record<string, string>>, annotations: object = {}): object => ({ apiVersion: 'v1', kind: 'Secret', metadata: { ...at(name), annotations }, stringData });
const s3Secret = (origin: string, password = S3.secretAccessKey): object =>
  secret('store', { AWS_ACCESS_KEY_ID: S3.accessKeyId, AWS_SECRET_ACCESS_KEY: password }, { 'serving.kserve.io/s3-endpoint': new URL(origin).host, 'serving.kserve.io/s3-usehttps': '0', 'serving.kserve.io/s3-region': 'us-east-1' });

describe('isvc creds', () => {
  it('tries S3 with the keys of the account\'s secret, exit code 0', async () => {
    const origin = await FAKE_STORES.s3.serve(FILES);
    const { code, checks } = await creds(iris('s3://models/iris'), account(['store']), s3Secret(origin));
    expect(checks).toEqual([{
      kind: 'InferenceService', namespace: 'models', name: 'iris', component: 'predictor', source: 's3://models/iris',
      credential: 'secret store (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)', status: 'ok', identity: 'access key AKIATEST',
    }]);
    expect(code).toBe(0);
  });

  it('looks at a model that is on this machine, and says what the server would refuse, exit code 1', async () => {
    const model = join(folder, 'model.pkl');
    writeFileSync(model, pickle(call('posix', 'system', text('true'))));
    const { code, checks } = await creds(iris(`file://${model}`), account([]));
    expect(checks).toMatchObject([{ status: 'failed', code: 'ISVC_MODEL_FORBIDDEN', message: expect.stringMatching(/^it can be read, but the server would refuse it: .*posix\.system/) as string }]);
    expect(code).toBe(1);
  });

  it('says which keys are wrong and what to do, exit code 1', async () => {
    const origin = await FAKE_STORES.s3.serve(FILES);
    const { code, checks } = await creds(iris('s3://models/iris'), account(['store']), s3Secret(origin, 'another-secret-key'));
    expect(checks).toMatchObject([{ status: 'failed', code: 'ISVC_FETCH_DENIED', message: expect.stringMatching(/^s3:\/\/models\/iris: s3: access denied to bucket models as access key AKIATEST .*; correct the keys in the secret$/) as string }]);
    expect(code).toBe(1);
    expect(JSON.stringify(checks)).not.toContain('another-secret-key');
  });

  it('tries files of secrets too, and leaves none behind', async () => {
    const origin = await FAKE_STORES.oci.serve(FILES);
    const { host } = new URL(origin);
    const docker = JSON.stringify({ auths: { [host]: { auth: Buffer.from(`ann:${SECRETS.oci}`).toString('base64') } } });
    const service = { ...iris(`oci+fetch://${host}/team/iris:1.0`) } as { spec: { predictor: object } };
    const withPull = { ...service, spec: { predictor: { ...service.spec.predictor, imagePullSecrets: [{ name: 'pull' }] } } };
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace: 'kserve' }, data: { storageInitializer: '{"ociInsecureRegistry": true}' } };
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('isvc-creds-')).length;
    const { checks } = await creds(withPull, account([]), { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/dockerconfigjson', metadata: at('pull'), stringData: { '.dockerconfigjson': docker } }, config);
    expect(checks).toMatchObject([{ status: 'ok', credential: 'secret pull', identity: 'user ann' }]);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('isvc-creds-')).length).toBe(before);
  });

  it('tries TrainedModels with the account of their service, and judges graphs by what they call', async () => {
    const origin = await FAKE_STORES.s3.serve(FILES);
    const server = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { ...at('many'), annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } }, spec: { predictor: { serviceAccountName: 'reader', model: { modelFormat: { name: 'sklearn' }, runtime: 'many' } } } };
    const runtime = { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: at('many'), spec: { multiModel: true, supportedModelFormats: [{ name: 'sklearn', autoSelect: true }], protocolVersions: ['v1'], containers: [{ name: 'kserve-container', image: 'registry.example/many:1' }] } };
    const trained = (name: string, inferenceService: string): object => ({ apiVersion: 'serving.kserve.io/v1alpha1', kind: 'TrainedModel', metadata: at(name), spec: { inferenceService, model: { storageUri: 's3://models/iris', framework: 'sklearn', memory: '1Mi' } } });
    const graph = (name: string, ...services: readonly string[]): object => ({ apiVersion: 'serving.kserve.io/v1alpha1', kind: 'InferenceGraph', metadata: at(name), spec: { nodes: { root: { routerType: 'Sequence', steps: services.map((serviceName) => ({ serviceName })) } } } });
    const { checks } = await creds(
      server, runtime, trained('a', 'many'), trained('b', 'nowhere'), iris('s3://models/iris'), iris('s3://models/rose', { name: 'rose' }), account(['store']), s3Secret(origin),
      graph('good', 'iris'), graph('bad', 'iris', 'rose'), graph('unclear', 'iris', 'elsewhere'),
    );
    expect(checks.map(({ kind, name, status, code }) => [kind, name, status, code])).toEqual([
      ['InferenceService', 'many', 'skipped', undefined],
      ['InferenceService', 'iris', 'ok', undefined],
      ['InferenceService', 'rose', 'failed', 'ISVC_FETCH_NOT_FOUND'],
      ['TrainedModel', 'a', 'ok', undefined],
      ['TrainedModel', 'b', 'failed', undefined],
      ['InferenceGraph', 'good', 'ok', undefined],
      ['InferenceGraph', 'bad', 'failed', undefined],
      ['InferenceGraph', 'unclear', 'unknown', undefined],
    ]);
  });

  it('never uses the credentials of the shell', async () => {
    const origin = await FAKE_STORES.s3.serve(FILES);
    const own = { AWS_ACCESS_KEY_ID: S3.accessKeyId, AWS_SECRET_ACCESS_KEY: S3.secretAccessKey };
    const before = { ...process.env };
    Object.assign(process.env, own);
    try {
      const { checks } = await creds(iris('s3://models/iris'), account([], { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/models', 'serving.kserve.io/s3-endpoint': new URL(origin).host, 'serving.kserve.io/s3-usehttps': '0' }));
      expect(checks).toMatchObject([{ status: 'unknown', message: 'the pod would use a role by IRSA, pod identity or the node, which this machine has not; without it access is denied' }]);
    } finally {
      for (const name of Object.keys(own)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });

  it.each<[string, (origin: string) => readonly object[], object]>([
    ['an account that is not in the folder', (origin) => [iris(`${origin}/models/iris.joblib`), secret('other', {})], { status: 'unknown', message: 'service account reader is not in the folder, and without it there is no access; add it, or --world with it' }],
    ['a secret that is not in the folder', () => [iris('s3://models/iris'), account(['lost']), secret('other', {})], { status: 'failed', message: expect.stringMatching(/names secret "lost", which does not exist/) as string }],
    ['half a pair of keys', () => [iris('s3://models/iris'), account(['store']), secret('store', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: 'x' })], { status: 'failed', message: expect.stringMatching(/AWS_ACCESS_KEY_ID is not set, but its other half is/) as string }],
    ['a store inside the cluster', () => [iris('s3://models/iris'), account(['store']), s3Secret('http://minio.storage.svc:9000')], { status: 'unknown', message: 'the address is one of the cluster, which cannot be reached from here' }],
    ['a claim', () => [iris('pvc://claim/iris')], { status: 'skipped', message: 'claim claim is mounted' }],
    ['a stopped service', () => [iris('s3://models/iris', { annotations: { 'serving.kserve.io/stop': 'true' } })], { status: 'skipped', message: 'the service is stopped' }],
  ])('says of %s what can be said', async (_what, manifests, check) => {
    const origin = await fakeS3({ 'iris/a': Buffer.from('a') }, { keys: S3 });
    // Nothing asks a name server: what is not of this machine goes to a proxy that is not there.
    const { http_proxy, no_proxy } = process.env;
    Object.assign(process.env, { http_proxy: 'http://127.0.0.1:9', no_proxy: '127.0.0.1' });
    try {
      expect((await creds(...manifests(origin))).checks).toMatchObject([check]);
    } finally {
      for (const [name, value] of Object.entries({ http_proxy, no_proxy })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('prints a block for each, and counts', async () => {
    const origin = await FAKE_STORES.s3.serve(FILES);
    await creds(iris('s3://models/iris'), account(['store']), s3Secret(origin));
    expect((await isvc([folder])).out).toBe(
      'ok        InferenceService models/iris predictor  s3://models/iris\n          credential: secret store (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), known to the store as access key AKIATEST\n\n1 ok, 0 failed, 0 not known here, 0 with nothing to fetch\n',
    );
  });

  it('names what is no proper object, and ends with 1; nothing to look at is 2', async () => {
    const { code, err } = await creds({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: at('iris'), spec: { predictr: {} } });
    expect(code).toBe(1);
    expect(err).toMatch(/all\.json:\d+:\d+: error: .*predict/);
    expect((await creds(account([]))).code).toBe(2);
  });

  it('ends with 130 when it is interrupted', async () => {
    const signals = new EventEmitter();
    const silent = createServer(() => setImmediate(() => signals.emit('SIGINT')));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    try {
      writeFileSync(join(folder, 'a.json'), JSON.stringify(iris(`http://127.0.0.1:${(silent.address() as { port: number }).port}/iris.joblib`)));
      expect(await isvc([folder], signals)).toEqual({ code: 130, out: '', err: 'isvc: interrupted\n' });
    } finally {
      silent.closeAllConnections();
      await new Promise((done) => silent.close(done));
    }
  });
});
