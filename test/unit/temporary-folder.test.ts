import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import { Testing } from 'cdk8s';

test('what tests leave among the temporary files lies in a folder that goes with the run', () => {
  const ofChild = execFileSync(process.execPath, ['-p', 'os.tmpdir()'], { encoding: 'utf8' }).trim();
  expect([basename(tmpdir()), ofChild]).toEqual([expect.stringMatching(/^isvc-jest-\d+-\w{6}$/), tmpdir()]);
  // Other tests make folders there at the same time.
  const { outdir } = Testing.app();
  expect([dirname(outdir), basename(outdir)]).toEqual([tmpdir(), expect.stringMatching(/^cdk8s\.outdir/)]);
});
