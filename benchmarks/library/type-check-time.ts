import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/program';
import { timeNode } from '../support/timed-process';

const ROUNDS = 3;
const USER_FILE = `import { App, Chart } from 'cdk8s';
import { InferenceService, Platform } from 'cdk8s-kserve';

const app = new App();
Platform.of(app, { mode: 'RawDeployment', domain: 'models.example.com' });
new InferenceService(new Chart(app, 'iris'), 'iris', { predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris', minReplicas: 1 } });
app.synth();
`;
const BARE_FILE = `import { App, Chart } from 'cdk8s';
const app = new App();
new Chart(app, 'iris');
app.synth();
`;

/** What does the compiler need for a user's file that imports the library, beyond one that imports cdk8s alone? */
export async function run(): Promise<void> {
  // Inside the repository, so that the packages are found as in an infra repo that has installed them.
  const folder = join(REPOSITORY, '.build/type-check');
  try {
    const bare = compile(folder, BARE_FILE);
    const library = compile(folder, USER_FILE);
    console.log(`tsc --noEmit of one user file, median of ${ROUNDS} processes`);
    console.log(`  cdk8s alone     ${(bare / 1000).toFixed(2)} s`);
    console.log(`  cdk8s-kserve    ${(library / 1000).toFixed(2)} s  ${(library / bare).toFixed(2)} times cdk8s alone`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compile(folder: string, source: string): number {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'main.ts'), source);
  const compilerOptions = { target: 'ES2022', module: 'node16', strict: true, noEmit: true, skipLibCheck: true, types: ['node'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
  return timeNode(['node_modules/typescript/bin/tsc', '-p', folder], ROUNDS);
}
