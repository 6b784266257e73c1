import { execFileSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runIsvc, type Io } from '../../src';

const MODULES = join(__dirname, '../../../../node_modules');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-new-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function isvc(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const io: Io = { out: { write: (t: string) => (out += t) }, err: { write: (t: string) => (err += t) }, colors: false, signals: new EventEmitter(), now: () => new Date(0), exitCode: 0 };
  const code = await runIsvc(args, io);
  return { code, out, err };
}

test.each([['predictor', []], ['transformer', ['--transformer']]])('a new %s compiles and passes its own test', async (_kind, options) => {
  const project = join(folder, 'risk-score');
  const { code, out } = await isvc('new', 'model', 'risk-score', '--directory', project, ...options);
  expect(code).toBe(0);
  expect(out).toContain(`Next: cd ${project} && npm install && npm test`);
  expect(readdirSync(project).sort()).toEqual(['.dockerignore', 'Dockerfile', 'README.md', 'package.json', 'src', 'tsconfig.json']);
  symlinkSync(MODULES, join(project, 'node_modules'));
  const run = (...argv: readonly string[]): string => execFileSync(process.execPath, argv, { cwd: project, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
  run(join(MODULES, 'typescript/bin/tsc'));
  expect(run('--test', '--test-reporter=tap', 'lib/model.test.js')).toMatch(/^# pass 1$/m);
  const { scripts, main, devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { scripts: Record<string, string>; main: string; devDependencies: Record<string, string> };
  // No registry has the version of a checkout, and whatever one had under that name would be somebody else's.
  const runtime = devDependencies['cdk8s-kserve-runtime'] ?? '';
  expect(runtime).toMatch(/^file:/);
  expect(realpathSync(join(project, runtime.slice('file:'.length)))).toBe(realpathSync(join(MODULES, 'cdk8s-kserve-runtime')));
  expect(scripts['start']).toContain('--model_name=risk-score --model_module=./lib/model.js');
  expect(readdirSync(join(project, 'lib'))).toContain(main.slice('lib/'.length));
});

test('nothing is overwritten, and a name that no cluster would take is refused', async () => {
  await isvc('new', 'model', 'a', '-d', join(folder, 'a'));
  expect(await isvc('new', 'model', 'a', '-d', join(folder, 'a'))).toMatchObject({ code: 2, err: expect.stringContaining('the folder is not empty') });
  for (const name of ['Risk', '1a', 'a_b', '../a', 'a'.repeat(51), 'a-']) expect(await isvc('new', 'model', name)).toMatchObject({ code: 2, err: expect.stringContaining('no name of a model') });
  expect((await isvc('new', 'model')).code).toBe(2);
});
