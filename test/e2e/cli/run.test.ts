import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../support/ask';
import { EXPECTED } from '../support/expected';
import { EXAMPLE, descendantsOf, isAlive, isvc, localFoldersOf, type IsvcProcess } from '../support/isvc-process';
import { until } from '../../support/until';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-e2e-'));
  mkdirSync(join(folder, 'models/svc'), { recursive: true });
  cpSync(join(EXAMPLE, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(EXAMPLE, 'models/svc/model.joblib'), join(folder, 'models/svc/model.joblib'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...extra: string[]): IsvcProcess {
  return isvc(['run', join(folder, 'dist'), '--port', '0', '--map', `pvc://iris-models=${join(folder, 'models')}`, ...extra]);
}

/** Every way that a run ends leaves nothing behind. */
async function expectNothingLeft(run: IsvcProcess, pids: readonly number[] = []): Promise<void> {
  await until('the end of every process', () => !pids.some(isAlive));
  await until('the end of every temporary folder', () => localFoldersOf(run).length === 0);
}

async function pidsOf(process: IsvcProcess): Promise<readonly number[]> {
  const { pid } = process.child;
  await until('a child process', () => descendantsOf(pid ?? 0).length > 0);
  return descendantsOf(pid ?? 0);
}

describe('isvc run', () => {
  it('serves both modes with scikit-learn\'s answers, and Ctrl-C ends it with 0 and nothing left', async () => {
    const process = run('--json');
    const { gateway } = (await process.event('ready')) as { gateway: string };
    for (const host of ['iris-rawdeployment.example.com', 'iris-predictor.serverless.example.com']) {
      const v1 = await ask(gateway, host, '/v1/models/iris:predict', { instances: EXPECTED.inputs });
      expect(v1).toEqual({ status: 200, body: JSON.stringify({ predictions: EXPECTED.predict }) });
    }
    const pids = await pidsOf(process);
    process.child.kill('SIGINT');
    expect(await process.exit).toBe(0);
    expect(process.events().at(-1)).toEqual({ event: 'end', result: 'stopped' });
    await expectNothingLeft(process, pids);
  });

  it('shows a table like kubectl\'s and what to ask', async () => {
    const process = run();
    await until('ready', () => process.stdout().includes('Press Ctrl-C'));
    expect(process.stdout()).toMatch(/NAMESPACE +NAME +URL +READY/);
    expect(process.stdout()).toMatch(/rawdeployment +iris +http:\/\/iris-rawdeployment\.example\.com +True/);
    expect(process.stdout()).toMatch(/curl -s -H 'Host: iris-rawdeployment\.example\.com'/);
    expect(process.stderr()).toBe('');
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
  });

  it('writes a kubeconfig that only its user can read, and takes it away at the end', async () => {
    const file = join(folder, 'kubeconfig');
    const process = run('--json', '--kubeconfig-out', file);
    await process.event('started');
    expect(readFileSync(file, 'utf8')).toContain('kind: Config');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    process.child.kill('SIGINT');
    await process.exit;
    expect(existsSync(file)).toBe(false);
  });
});

describe('isvc run of other formats, fetched from a file:// address by an init container', () => {
  const fixtures = join(__dirname, '../../../packages/runtime/test/fixtures/boosting');
  interface Answers {
    readonly inputs: readonly (readonly (number | string)[])[];
    readonly predict: { readonly data: readonly number[] };
  }

  it.each([['xgboost', 'binary.ubj', 'model.ubj'], ['lightgbm', 'binary.bst', 'model.bst']])('%s answers as the library does', async (format, fixture, file) => {
    mkdirSync(join(folder, 'source'));
    cpSync(join(fixtures, format, fixture), join(folder, 'source', file));
    rmSync(join(folder, 'dist'), { recursive: true });
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/isvc.yaml'), `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: boosted, namespace: models, annotations: { serving.kserve.io/deploymentMode: RawDeployment } }
spec:
  predictor:
    model: { modelFormat: { name: ${format} }, storageUri: "file://${folder}/source" }
`);
    const expected = JSON.parse(readFileSync(join(fixtures, format, `${fixture}.expected.json`), 'utf8')) as Answers;
    const rows = expected.inputs.flatMap((row, i) => (row.every((v) => typeof v === 'number') ? [{ row, answer: expected.predict.data[i] ?? NaN }] : []));
    expect(rows.length).toBeGreaterThan(50);
    const process = run('--json');
    const { gateway } = (await process.event('ready')) as { gateway: string };
    const { body } = await ask(gateway, 'boosted-models.example.com', '/v1/models/boosted:predict', { instances: rows.map((r) => r.row) });
    const { predictions } = JSON.parse(body) as { readonly predictions: readonly number[] };
    rows.forEach(({ answer }, i) => expect(Math.abs((predictions[i] ?? NaN) - answer)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(answer))));
    process.child.kill('SIGINT');
    expect(await process.exit).toBe(0);
  });
});

describe('isvc run with bad input gives one clear line, its exit code and leaves nothing', () => {
  const raw = (): string => join(folder, 'dist/iris-rawdeployment.k8s.yaml');
  const model = (): string => join(folder, 'models/svc/model.joblib');
  /** A protocol 2 pickle whose reading in Python would run a command. */
  const evil = (command: string): Buffer => Buffer.from(`\x80\x02cposix\nsystem\nX${String.fromCharCode(command.length)}\x00\x00\x00${command}\x85R.`, 'latin1');

  it.each<[string, () => void, RegExp, number?]>([
    ['an unknown field', () => writeFileSync(raw(), readFileSync(raw(), 'utf8').replace('storageUri', 'storageURI')), /iris-rawdeployment\.k8s\.yaml:\d+:\d+: error: spec\.predictor\.model\.storageURI: unknown field "storageURI"; did you mean "storageUri" \[ISVC_API_UNKNOWN_FIELD\]/],
    ['broken YAML', () => writeFileSync(raw(), 'a: [1'), /iris-rawdeployment\.k8s\.yaml:\d+:\d+: error: not valid YAML: .* \[ISVC_API_INVALID_YAML\]/],
    ['a missing model file', () => rmSync(model()), /error: InferenceService (rawdeployment|serverless)\/iris: .*\[ISVC_MODEL_NOT_FOUND\]/],
    ['a corrupt joblib', () => writeFileSync(model(), readFileSync(model()).subarray(0, 1000)), /error: InferenceService (rawdeployment|serverless)\/iris: .*\[ISVC_MODEL_CORRUPT\]/],
    ['a pickle that names os.system', () => writeFileSync(model(), evil(`touch ${folder}/owned`)), /error: InferenceService (rawdeployment|serverless)\/iris: .*posix\.system.*\[ISVC_MODEL_FORBIDDEN\]/],
    ['a folder that is not there', () => rmSync(join(folder, 'dist'), { recursive: true }), /^isvc: .*dist: there is no such file or folder; .*\[ISVC_CLI_NO_MANIFESTS\]/, 2],
  ])('%s', async (_what, damage, line, code = 1) => {
    damage();
    const process = run();
    expect(await process.exit).toBe(code);
    const lines = process.stderr().trim().split('\n');
    expect(lines.filter((l) => line.test(l)).length).toBeGreaterThanOrEqual(1);
    expect(process.stderr()).not.toMatch(/\n\s+at /);
    expect(existsSync(join(folder, 'owned'))).toBe(false);
    await expectNothingLeft(process);
  });

  it('a busy port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const process = isvc(['run', join(folder, 'dist'), '--port', String(port)]);
      expect(await process.exit).toBe(1);
      expect(process.stderr()).toMatch(new RegExp(`^isvc: .*${port}.*\\[ISVC_LOCAL_PORT_IN_USE\\]\n$`));
      await expectNothingLeft(process);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it.each([
    [['run'], /neither a folder nor --kubeconfig-out is given.*ISVC_CLI_USAGE/],
    [['run', 'x', '--port', 'http'], /--port.*must be a number from 0 to 65535, got "http"/],
    [['run', 'x', '--map', 'models'], /--map must read URI=FOLDER, got "models".*ISVC_CLI_USAGE/],
    [['rum', 'x'], /unknown command 'rum'\n\(Did you mean run\?\)/],
  ])('usage %j ends with 2', async (args, text) => {
    const process = isvc(args);
    expect(await process.exit).toBe(2);
    expect(process.stderr()).toMatch(text);
  });

  it.each(['loaded', 'started', 'status'])('Ctrl-C during start-up, once it says %s', async (moment) => {
    const process = run('--json');
    await process.event(moment);
    process.child.kill('SIGINT');
    expect(await process.exit).toBe(130);
    expect(process.events().at(-1)).toEqual({ event: 'end', result: 'interrupted' });
    await expectNothingLeft(process);
  });
});

describe('isvc --help', () => {
  it('tells a stranger what to do first', async () => {
    const process = isvc(['--help']);
    expect(await process.exit).toBe(0);
    expect(process.stdout()).toMatch(/npx isvc run dist --map/);
    const help = isvc(['help', 'run']);
    expect(await help.exit).toBe(0);
    expect(help.stdout()).toMatch(/Exit codes:/);
  });
});
