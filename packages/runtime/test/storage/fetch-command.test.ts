import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runRuntime } from '../support/runtime-process';
import { tempFolder } from '../support/temp-folder';
import { until } from '../../../../test/support/until';

describe('isvc-runtime fetch, as a process', () => {
  test('copies every pair and says so in one line each', async () => {
    const [a, b] = [tempFolder({ 'a.joblib': 'aa' }), tempFolder({ 'b.joblib': 'b', 'c/d': '' })];
    const target = tempFolder();
    const runtime = runRuntime(['fetch', a, join(target, 'a'), `file://${b}`, join(target, 'b')]);
    expect(await runtime.exit).toBe(0);
    expect(readdirSync(target).sort()).toEqual(['a', 'b']);
    expect(runtime.stderr().trim().split('\n')).toEqual([
      expect.stringMatching(/^isvc-runtime: .*: 1 file, 2 bytes fetched into .*\/a in \d+ ms$/),
      expect.stringMatching(/^isvc-runtime: file:\/\/.*: 2 files, 1 bytes fetched into .*\/b in \d+ ms$/),
    ]);
  });

  test('a missing source is one line, also in the termination message, exit code 1', async () => {
    const runtime = runRuntime(['fetch', 'file:///nope/iris', tempFolder()]);
    expect(await runtime.exit).toBe(1);
    expect(runtime.stderr()).toMatch(/^isvc-runtime fetch: file:\/\/\/nope\/iris: there is no file or folder \/nope\/iris; check [^\n]+ \[ISVC_FETCH_NOT_FOUND\]\n$/);
    expect(`isvc-runtime fetch: ${readFileSync(runtime.terminationFile, 'utf8')}\n`).toBe(runtime.stderr());
  });

  test.each([[[]], [['only-a-source']]])('%j is wrong usage, exit code 2', async (args) => {
    const runtime = runRuntime(['fetch', ...args]);
    expect(await runtime.exit).toBe(2);
    expect(runtime.stderr()).toMatch(/sources and targets come in pairs.*SOURCE TARGET/);
  });

  test('SIGTERM in the middle leaves nothing of the model, exit code 143', async () => {
    const source = tempFolder();
    // Sparse: large to copy, free to make.
    writeFileSync(join(source, 'model.joblib'), '');
    truncateSync(join(source, 'model.joblib'), 8 * 1024 ** 3);
    const target = tempFolder();
    const runtime = runRuntime(['fetch', source, target]);
    await until('the copy: started', () => readdirSync(target).length > 0);
    runtime.child.kill('SIGTERM');
    expect(await runtime.exit).toBe(143);
    expect(readdirSync(target)).toEqual([]);
    expect(runtime.stderr()).toBe('isvc-runtime: SIGTERM: fetch given up, the target is as it was\n');
  });

  test('--help names the sources and the environment', async () => {
    const runtime = runRuntime(['fetch', '--help']);
    expect(await runtime.exit).toBe(0);
    expect(runtime.stdout()).toMatch(/Sources: file:\/\/, pvc:\/\/[^]*ISVC_PVC_ROOT[^]*ISVC_SOURCE_MAP/);
  });
});
