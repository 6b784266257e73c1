import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { Testing } from 'cdk8s';

test('what tests leave among the temporary files lies in a folder that goes with the run', () => {
  const ofChild = execFileSync(process.execPath, ['-p', 'os.tmpdir()'], { encoding: 'utf8' }).trim();
  expect([basename(tmpdir()), ofChild]).toEqual([expect.stringMatching(/^isvc-jest-\d+-\w{6}$/), tmpdir()]);
  const before = readdirSync(tmpdir());
  const app = Testing.app();
  expect(readdirSync(tmpdir()).filter((name) => !before.includes(name)).map((name) => name.slice(0, 12))).toEqual(['cdk8s.outdir']);
  expect(app.outdir.startsWith(tmpdir())).toBe(true);
});
