import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { runIsvc, type Io } from '../src';

const NOWHERE = join(__dirname, 'no-such-folder');

async function isvc(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const io: Io = { out: { write: (t: string) => (out += t) }, err: { write: (t: string) => (err += t) }, colors: false, signals: new EventEmitter(), now: () => new Date(0), exitCode: 0 };
  const code = await runIsvc(args, io);
  return { code, out, err };
}

describe('the command line of isvc', () => {
  test.each(['creds', 'fetch', 'inspect', 'lint', 'new', 'new model', 'plan', 'run'])('%s --help has examples and exit codes, and no default that tells nothing', async (command) => {
    const { code, out } = await isvc(...command.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/\nExamples:\n {2}\$ (AWS_DEFAULT_REGION=\S+ )?isvc /);
    expect(out).toMatch(/\nExit codes:\n {2}0 /);
    expect(out).not.toMatch(/default: (false|\[\])/);
  });

  test('defaults and choices that tell something stay', async () => {
    expect((await isvc('run', '--help')).out).toMatch(/default:\s+8080/);
    expect((await isvc('lint', '--help')).out.replace(/\s+/g, ' ')).toContain('(choices: human, json, sarif; default: human)');
  });

  test.each([
    [['pln', 'dist'], 'plan', 'isvc --help', 2],
    [['lint', '--max-warning', '1'], '--max-warnings', 'isvc lint --help', 2],
    [['new', 'modle', 'risk'], 'model', 'isvc new --help', 2],
    [['new', 'model', 'risk', '--transfomer'], '--transformer', 'isvc new model --help', 2],
    [['plan', '--agaisnt', 'git:main', 'dist'], '--against', 'isvc plan --help', 1],
  ])('%j: names what was meant and the help to read', async (args, meant, help, code) => {
    const ran = await isvc(...args);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(`(Did you mean ${meant}?)`);
    expect(ran.err).toContain(`see: ${help}`);
  });

  test.each([
    ['creds', 2], ['lint', 2], ['run', 2],
    // For plan, 2 means that there are changes.
    ['plan', 1],
  ])('%s of a folder that is not there says so, exit code %d', async (command, code) => {
    const ran = await isvc(command, NOWHERE);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toMatch(/no-such-folder: there is no such file or folder; name a folder/);
  });

  test('plan without a folder never looks like a plan with changes', async () => {
    expect(await isvc('plan')).toMatchObject({ code: 1, err: expect.stringContaining("missing required argument 'folder'") });
  });
});
