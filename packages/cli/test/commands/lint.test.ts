import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../../src/io';
import { runIsvc } from '../../src/program';

const GOOD = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: iris }
spec:
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`;
const TYPO = GOOD.replace('storageUri', 'storageURI');
const WARNED = GOOD.replace('{ name: iris }', '\n  name: iris\n  annotations:\n    serving.kserve.io/metrics: cpu');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

async function isvc(argv: readonly string[], input?: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  async function* piped(): AsyncGenerator<string> {
    yield input ?? '';
  }
  const io: Io = {
    out: { write: (t: string) => (out += t) }, err: { write: (t: string) => (err += t) }, colors: false, signals: new EventEmitter(), now: () => new Date(0), exitCode: 0, input: piped(),
  };
  return { code: await runIsvc(['lint', ...argv], io), out, err };
}

describe('isvc lint', () => {
  it('says where and what, with the line and a caret', async () => {
    write({ 'a.yaml': TYPO });
    const { code, out } = await isvc([folder]);
    expect(code).toBe(1);
    expect(out).toContain(`${join(folder, 'a.yaml')}:8:7: error: spec.predictor.model.storageURI: unknown field "storageURI"; did you mean "storageUri" [ISVC_API_UNKNOWN_FIELD]\n  8 |       storageURI: s3://models/iris\n    |       ^^^^^^^^^^\n`);
    expect(out).toContain('1 error in 1 object of 1 file, 1 of model serving');
  });

  it('says what it looked at when it finds nothing', async () => {
    write({ 'a.yaml': GOOD });
    expect(await isvc([folder])).toEqual({ code: 0, out: 'nothing found in 1 object of 1 file, 1 of model serving\n', err: '' });
  });

  it('reads standard input', async () => {
    const { code, out } = await isvc(['-'], TYPO);
    expect(code).toBe(1);
    expect(out).toMatch(/^<stdin>:8:7: error: /);
  });

  it.each<[string, readonly string[], string]>([
    ['an empty folder', [], 'holds no Kubernetes objects'],
    ['a folder that is not there', ['nowhere'], 'there is no such file or folder'],
  ])('exits with 2 over %s', async (_what, [below = ''], message) => {
    const { code, err } = await isvc([join(folder, below)]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('exits with 2 over empty input and without a path', async () => {
    expect((await isvc(['-'], '')).code).toBe(2);
    expect((await isvc([])).code).toBe(2);
  });

  it('allows as many warnings as it is told', async () => {
    write({ 'a.yaml': WARNED });
    expect((await isvc([folder])).code).toBe(0);
    expect((await isvc([folder, '--max-warnings', '1'])).code).toBe(0);
    expect((await isvc([folder, '--max-warnings', '0'])).code).toBe(1);
  });

  it('reports files that are no YAML or no object at their place', async () => {
    write({ 'a.yaml': 'kind: [x', 'b.yaml': 'kind: A\nmetadata: { name: a }\n' });
    const { code, out } = await isvc([folder]);
    expect(code).toBe(1);
    expect(out).toContain('[ISVC_API_INVALID_YAML]');
    expect(out).toContain('b.yaml:1:1: error: not a Kubernetes object: apiVersion is missing [ISVC_API_NOT_AN_OBJECT]');
  });

  it('uses what --world holds and does not look at it', async () => {
    write({
      'a/a.yaml': GOOD.replace('predictor:\n', 'predictor:\n    serviceAccountName: models\n').replace('{ name: iris }', '{ name: iris, namespace: ns }'),
      'w/w.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: model, namespace: ns }\n---\napiVersion: serving.kserve.io/v1\nkind: InferenceService\nmetadata: { name: x }\n',
    });
    expect((await isvc([join(folder, 'a')])).code).toBe(0);
    const { code, out } = await isvc([join(folder, 'a'), '--world', join(folder, 'w')]);
    expect(code).toBe(1);
    expect(out).toContain('service account "models" is not in namespace ns here; did you mean "model" [ISVC_LINT_ACCOUNT_MISSING]');
    expect(out).not.toContain('ISVC_API_UNKNOWN_KIND');
  });

  it('lists and explains rules', async () => {
    expect((await isvc(['--rules'])).out).toMatch(/^ {2}ISVC_LINT_GPU_LIMIT +error +GPU requests equal limits$/m);
    expect((await isvc(['--explain', 'ISVC_LINT_GPU_LIMIT'])).out).toMatch(/^ISVC_LINT_GPU_LIMIT \(error\)[\s\S]*Found here:[\s\S]*Not here:/);
    const { code, err } = await isvc(['--explain', 'ISVC_LINT_GPU_LIMITS']);
    expect(code).toBe(2);
    expect(err).toContain('did you mean "ISVC_LINT_GPU_LIMIT"');
  });
});

describe('models at hand', () => {
  const ON_TRITON = GOOD.replace('name: sklearn', 'name: triton').replace('s3://models/iris', 's3://models/repository');
  const REPOSITORY = { 'models/repository/densenet/config.pbtxt': 'dynamic_batching {}\ninstance_group [{ gpus: [0] }]\n', 'models/repository/densenet/1/model.plan': '' };

  it('are read below the folder that --map gives', async () => {
    write({ 'dist/a.yaml': ON_TRITON, ...REPOSITORY });
    expect((await isvc([join(folder, 'dist')])).code).toBe(0);
    const { code, out } = await isvc([join(folder, 'dist'), '--map', `s3://models=${join(folder, 'models')}`]);
    expect(code).toBe(1);
    expect(out).toContain(`a.yaml:8:7: error: spec.predictor.model.storageUri: config.pbtxt of model "densenet" (${join(folder, 'models/repository')}) has dynamic_batching and max_batch_size 0`);
    expect(out).toContain('asks for GPU 0, and the container has none');
  });

  it('are read at file:// addresses', async () => {
    write({ 'dist/a.yaml': ON_TRITON.replace('s3://models/repository', `file://${join(folder, 'models/repository/densenet')}`), ...REPOSITORY });
    expect((await isvc([join(folder, 'dist')])).out).toContain(`is a model of Triton's layout (${join(folder, 'models/repository/densenet')}), and Triton reads a repository of models; point at the folder above`);
  });

  it('are left alone where nothing lies', async () => {
    write({ 'dist/a.yaml': ON_TRITON.replace('s3://models', 'file:///models'), 'models/x': '' });
    expect((await isvc([join(folder, 'dist'), '--map', `s3://models=${join(folder, 'models')}`])).code).toBe(0);
  });

  it('need a --map that can be read', async () => {
    write({ 'dist/a.yaml': ON_TRITON });
    expect(await isvc([join(folder, 'dist'), '--map', 'models'])).toMatchObject({ code: 2, err: expect.stringContaining('--map must read URI=FOLDER') });
  });
});

describe('comments', () => {
  const withComment = (line: string, above: string): string => TYPO.replace(line, `${above}\n${line}`);

  it.each<[string, string, number]>([
    ['above the field', withComment('      storageURI', '      # isvc-lint-disable ISVC_API_UNKNOWN_FIELD -- generated'), 0],
    ['behind the field', TYPO.replace('models/iris', 'models/iris # isvc-lint-disable ISVC_API_UNKNOWN_FIELD'), 0],
    ['above a parent', withComment('    model:', '    # isvc-lint-disable ISVC_LINT_NAME ISVC_API_UNKNOWN_FIELD'), 0],
    ['at the head of the document', `# isvc-lint-disable ISVC_API_UNKNOWN_FIELD\n---\n${TYPO}`, 0],
    ['above another field', withComment('      modelFormat', '      # isvc-lint-disable ISVC_API_UNKNOWN_FIELD'), 1],
    ['with another code', withComment('      storageURI', '      # isvc-lint-disable ISVC_LINT_NAME'), 1],
    ['in another document', `# isvc-lint-disable ISVC_API_UNKNOWN_FIELD\n${GOOD.replace('name: iris', 'name: rose')}---\n${TYPO}`, 1],
  ])('%s', async (_where, text, code) => {
    write({ 'a.yaml': text });
    expect((await isvc([folder])).code).toBe(code);
  });

  it('with codes that do not exist, or find nothing, are told of', async () => {
    write({ 'a.yaml': `# isvc-lint-disable ISVC_LINT_NAMES ISVC_LINT_NAME\n${GOOD}` });
    const { out } = await isvc([folder]);
    expect(out).toContain('a.yaml:1:1: warning: there is no rule ISVC_LINT_NAMES; did you mean "ISVC_LINT_NAME"');
    expect(out).toContain('a.yaml:1:1: info: ISVC_LINT_NAME finds nothing here');
  });
});

describe('configuration', () => {
  it('takes the APIs that a cluster serves from .isvc-lint.yaml', async () => {
    const raw = GOOD.replace('{ name: iris }', '{ name: iris, annotations: { serving.kserve.io/deploymentMode: RawDeployment } }');
    write({ '.isvc-lint.yaml': 'apis: [knative]\n', 'a.yaml': raw });
    const { code, out } = await isvc([folder]);
    expect(code).toBe(1);
    expect(out).toContain('the cluster does not serve gateway.networking.k8s.io/v1');
    write({ '.isvc-lint.yaml': 'apis: [gateway]\n' });
    expect((await isvc([folder])).code).toBe(0);
  });

  it('is found above the folder and sets severities and files', async () => {
    write({ '.isvc-lint.yaml': 'rules: { ISVC_API_UNKNOWN_FIELD: warning }\nignore: ["dist/old/**"]\n', 'dist/a.yaml': TYPO, 'dist/old/b.yaml': 'kind: [' });
    const { code, out } = await isvc([join(folder, 'dist')]);
    expect(code).toBe(0);
    expect(out).toContain('warning: spec.predictor.model.storageURI');
    expect(out).not.toContain('INVALID_YAML');
  });

  it('switches rules off', async () => {
    write({ 'off.yaml': 'rules: { ISVC_API_UNKNOWN_FIELD: off }', 'dist/a.yaml': TYPO });
    expect((await isvc([join(folder, 'dist'), '--config', join(folder, 'off.yaml')])).code).toBe(0);
  });

  it.each<[string, string]>([
    ['rules: { ISVC_API_UNKNOWN_FELD: off }', 'did you mean "ISVC_API_UNKNOWN_FIELD"'],
    ['rules: { ISVC_API_UNKNOWN_FIELD: loud }', 'must be one of error, warning, info, off; got "loud"'],
    ['rule: {}', 'did you mean "rules"'],
    ['ignore: x', 'ignore must be a list'],
    ['apis: keda', 'apis must be a list of what the cluster serves; of knative, gateway, keda, istio, opentelemetry'],
    ['apis: [kedda]', 'apis has "kedda"; did you mean "keda"'],
    ['[', 'is not YAML'],
  ])('of "%s" is refused', async (text, message) => {
    write({ '.isvc-lint.yaml': text, 'a.yaml': GOOD });
    const { code, err } = await isvc([folder]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('reports for programs', () => {
  it.each([['--format', 'json'], ['--json']])('are JSON with places: %s', async (...flags) => {
    write({ 'a.yaml': TYPO });
    const { out } = await isvc([folder, ...flags]);
    expect(JSON.parse(out)).toMatchObject({
      version: 1, files: 1, objects: 1, counts: { error: 1, warning: 0, info: 0 },
      findings: [{ file: join(folder, 'a.yaml'), line: 8, column: 7, endColumn: 17, code: 'ISVC_API_UNKNOWN_FIELD', severity: 'error', path: 'spec.predictor.model.storageURI', subject: 'InferenceService iris' }],
    });
  });

  it('are SARIF with rules', async () => {
    write({ 'a.yaml': TYPO });
    const log = JSON.parse((await isvc([folder, '--format', 'sarif'])).out) as { runs: [{ tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number; level: string; locations: [{ physicalLocation: object }] }[] }] };
    const [{ tool, results: [result] }] = log.runs;
    expect(result).toMatchObject({ ruleId: 'ISVC_API_UNKNOWN_FIELD', level: 'error', locations: [{ physicalLocation: { region: { startLine: 8, startColumn: 7, endColumn: 17 } } }] });
    expect(tool.driver.rules[result?.ruleIndex ?? -1]?.id).toBe('ISVC_API_UNKNOWN_FIELD');
  });
});
