import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lint, wantedArtifacts, type Finding } from 'cdk8s-kserve/lint';
import { readArtifacts } from '../../src/lint/artifacts';
import { parseManifests } from '../../src/manifests/parse-manifests';

const ROOT = join(__dirname, '../../../..');
/** A pickle that calls `os.system('id')` in whoever opens it in Python. */
const CALLS_SYSTEM = "cposix\nsystem\n(S'id'\ntR.";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-artifacts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, bytes: string | Buffer): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
}

/** What lint says of a service whose model has an address, with `s3://models` mapped to the folder. */
async function findings(uri: string, { format = 'sklearn', protocol = '' } = {}): Promise<readonly Finding[]> {
  const text = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: iris, namespace: models }
spec: { predictor: { model: { modelFormat: { name: ${format} }${protocol}, storageUri: "${uri}" } } }
`;
  const inputs = parseManifests(text, 'a.yaml').manifests.map(({ object }) => ({ object }));
  return lint(inputs, { artifacts: await readArtifacts(wantedArtifacts(inputs), { 's3://models': folder }) });
}

const lines = async (...args: Parameters<typeof findings>): Promise<readonly string[]> => (await findings(...args)).map((f) => `${f.severity} ${f.code} ${f.path}: ${f.message}`);

describe('models that are at hand', () => {
  it('are refused with the way out where a pickle calls code', async () => {
    write('iris/model.pkl', CALLS_SYSTEM);
    const [finding, ...others] = await findings('s3://models/iris');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'ISVC_LINT_MODEL_REFUSED', severity: 'error', path: 'spec.predictor.model.storageUri' });
    expect(finding?.message).toMatch(new RegExp(`^"model.pkl" \\(${join(folder, 'iris')}\\) would be refused with ISVC_MODEL_FORBIDDEN: names posix.system at byte`));
    expect(finding?.hint).toContain('export it as ONNX');
  });

  it('are read at file:// addresses, single files too', async () => {
    write('iris/model.pkl', CALLS_SYSTEM);
    expect(await lines(`file://${join(folder, 'iris/model.pkl')}`)).toEqual([expect.stringContaining('"model.pkl"') as string]);
  });

  it('are no finding where they would be served', async () => {
    cpSync(join(ROOT, 'examples/01-first-model/models/svc'), join(folder, 'svc'), { recursive: true });
    expect(await lines('s3://models/svc')).toEqual([]);
  });

  it('have a format that the image can run', async () => {
    cpSync(join(ROOT, 'packages/runtime/test/fixtures/onnx/forest.onnx'), join(folder, 'forest/model.onnx'), { recursive: true });
    expect(await lines('s3://models/forest')).toEqual([
      `error ISVC_LINT_MODEL_REFUSED spec.predictor.model.storageUri: "model.onnx" (${join(folder, 'forest')}) is an ONNX model, and image cdk8s-kserve/runtime:0.1.0 has no ONNX Runtime in it`,
    ]);
    expect(await lines('s3://models/forest', { format: 'onnx' })).toEqual([]);
  });

  it('are all looked at in a folder of several', async () => {
    cpSync(join(ROOT, 'examples/01-first-model/models/svc'), join(folder, 'both/svc'), { recursive: true });
    write('both/other/model.pkl', CALLS_SYSTEM);
    expect(await lines('s3://models/both')).toEqual([expect.stringContaining('"other/model.pkl"') as string]);
  });

  it.each<[string, string, string]>([
    ['a damaged file', 'iris/model.joblib', 'ISVC_MODEL_'],
    ['a folder without a model', 'iris/README.md', 'ISVC_MODEL_NOT_FOUND'],
  ])('are refused where there is %s', async (_what, file, code) => {
    write(file, 'x');
    expect(await lines('s3://models/iris')).toEqual([expect.stringContaining(`would be refused with ${code}`) as string]);
  });

  it('are missed below a folder that --map names', async () => {
    expect(await lines('s3://models/nowhere')).toEqual([expect.stringContaining(`what lies there (${join(folder, 'nowhere')}) would be refused with ISVC_MODEL_NOT_FOUND`) as string]);
  });

  it.each<[string, string, object]>([
    ['that other servers read', 's3://models/iris', { format: 'paddle' }],
    ['at an address that is not mapped', 's3://other/iris', {}],
    ['at a file:// address of another machine', 'file:///nowhere/iris', {}],
    ['that lie in an archive', 's3://models/packed', {}],
  ])('are left alone %s', async (_what, uri, options) => {
    write('iris/model.pkl', CALLS_SYSTEM);
    write('packed/model.tar.gz', 'x');
    expect(await lines(uri, options)).toEqual([]);
  });
});
