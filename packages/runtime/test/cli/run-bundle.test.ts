import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../support/temp-folder';

const RUN_BUNDLE = join(__dirname, '../../bin/run-bundle.js');
const PROGRAM = `const { basename } = require('node:path');
function greet(name) { return 'Grüße from ' + basename(name); }
console.log(greet(__filename));`;

/** What a process says that runs a bundle, and what V8 made of its cache: false for taken, undefined where there was none. */
function run(bundle: string, write = false): { readonly said: string; readonly rejected: string } {
  const write_ = write ? `require('node:fs').writeFileSync(${JSON.stringify(`${bundle}.cache`)}, script.createCachedData());` : '';
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', `const script = require(${JSON.stringify(RUN_BUNDLE)}).runBundle(${JSON.stringify(bundle)}); ${write_} console.log(script.cachedDataRejected)`], { encoding: 'utf8' });
  const [said = '', rejected = ''] = stdout.trim().split('\n');
  expect(stderr).toBe('');
  return { said, rejected };
}

describe('a bundle with what V8 compiled of it', () => {
  const folder = tempFolder();
  const bundleOf = (name: string): string => {
    const file = join(folder, name);
    writeFileSync(file, PROGRAM);
    run(file, true);
    expect(existsSync(`${file}.cache`)).toBe(true);
    return file;
  };

  test('runs as a module of its file, from the cache', () => {
    expect(run(bundleOf('taken.js'))).toEqual({ said: 'Grüße from taken.js', rejected: 'false' });
  });

  test('runs without a cache', () => {
    const file = join(folder, 'none.js');
    writeFileSync(file, PROGRAM);
    expect(run(file)).toEqual({ said: 'Grüße from none.js', rejected: 'undefined' });
  });

  test('runs where the cache is of another V8, or broken', () => {
    const file = bundleOf('broken.js');
    const bytes = readFileSync(`${file}.cache`);
    // The version of V8 stands near its beginning.
    bytes.fill(0x5a, 4, 12);
    writeFileSync(`${file}.cache`, bytes);
    expect(run(file)).toEqual({ said: 'Grüße from broken.js', rejected: 'true' });
    writeFileSync(`${file}.cache`, 'no cache');
    expect(run(file)).toEqual({ said: 'Grüße from broken.js', rejected: 'true' });
  });

  test('leaves a cache aside that is older than the bundle, whose length alone V8 would compare', () => {
    const file = bundleOf('newer.js');
    writeFileSync(file, PROGRAM.replace('from', 'with'));
    utimesSync(`${file}.cache`, 1, 1);
    expect(run(file)).toEqual({ said: 'Grüße with newer.js', rejected: 'undefined' });
  });
});
