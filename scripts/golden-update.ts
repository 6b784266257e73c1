// Rewrites test/golden/*/ and examples/*/dist from the code. The diff is then reviewed like code.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectedFiles, goldenCases, presentFiles } from '../test/support/golden';

const root = join(__dirname, '..');

for (const golden of goldenCases()) {
  const expected = expectedFiles(golden);
  const present = presentFiles(golden);
  for (const file of present.keys()) if (!expected.has(file)) rmSync(join(golden.folder, file));
  for (const [file, text] of expected) {
    if (present.get(file) === text) continue;
    writeFileSync(join(golden.folder, file), text);
    console.log(`test/golden/${golden.name}/${file}`);
  }
}

for (const entry of readdirSync(join(root, 'examples'), { withFileTypes: true })) {
  // Not every example renders manifests.
  if (!entry.isDirectory() || !existsSync(join(root, 'examples', entry.name, 'main.ts'))) continue;
  const dist = join(root, 'examples', entry.name, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const main = join(root, '.build/examples', entry.name, 'main.js');
  const result = spawnSync(process.execPath, [main, dist], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, CDK8S_OUTDIR: dist } });
  if (result.status !== 0) throw new Error(`examples/${entry.name}/main.ts failed with exit code ${result.status}`);
  console.log(`examples/${entry.name}/dist`);
}
