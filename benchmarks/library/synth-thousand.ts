import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { median } from '../support/median';
import { REPOSITORY } from '../support/program';
import { SERVICES } from './thousand/props';

const ROUNDS = 5;

interface Figure {
  readonly name: string;
  readonly ms: number;
  /** Undefined where the program does not say. */
  readonly megabytes?: number;
}

/**
 * How long does it take to synthesize 1,000 services with a transformer, as a whole process: declared, expanded, as bare
 * ApiObjects of cdk8s, and, where kustomize is in the PATH, built by it from the same objects?
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-bench-synth-'));
  try {
    const bare = compiled(folder, 'bare');
    const constructs = compiled(folder, 'constructs');
    const env = { ...process.env, NODE_PATH: join(REPOSITORY, 'node_modules') };
    const node = (name: string, ...args: readonly string[]): Figure => measure(name, process.execPath, args, env);
    const figures = [
      node('bare ApiObjects of cdk8s', bare, join(folder, 'bare')),
      node('InferenceService, declared', constructs, join(folder, 'declare'), 'declare'),
      node('expanded, by App', constructs, join(folder, 'expand'), 'expand'),
      node('expanded, by GitOpsApp', constructs, join(folder, 'gitops'), 'gitops'),
    ];
    // A comparison of programs that do different things proves nothing.
    assert.deepEqual(['bare', 'declare'].map((name) => countServices(join(folder, name))), [SERVICES, SERVICES]);
    const first = figures[0]?.ms ?? Number.NaN;
    const kustomize = withKustomize(join(folder, 'declare'));
    console.log(`${SERVICES} services with a transformer, whole process, median of ${ROUNDS}`);
    for (const { name, ms, megabytes } of [...figures, ...kustomize]) {
      console.log(`  ${name.padEnd(28)} ${ms.toFixed(0).padStart(5)} ms  ${(ms / first).toFixed(2)} times bare${megabytes === undefined ? '' : `, ${megabytes.toFixed(0)} MB at most`}`);
    }
    if (kustomize.length === 0) console.log('  kustomize                    not in the PATH');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The user's file as a user would have it: compiled, with the library as an installed package. */
function compiled(folder: string, name: string): string {
  const outfile = join(folder, `${name}.cjs`);
  buildSync({
    entryPoints: [join(REPOSITORY, 'benchmarks/library/thousand', `${name}.ts`)], outfile, bundle: true, platform: 'node', format: 'cjs', packages: 'external', logLevel: 'error',
  });
  return outfile;
}

function measure(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): Figure {
  const times: number[] = [];
  const sizes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 1 << 28 });
    times.push(performance.now() - begun);
    assert.equal(status, 0, stderr);
    const [, kilobytes] = /^rss (\d+)$/m.exec(stdout) ?? [];
    if (kilobytes !== undefined) sizes.push(Number(kilobytes) / 1024);
  }
  return { name, ms: median(times), ...(sizes.length > 0 ? { megabytes: median(sizes) } : {}) };
}

function countServices(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => sum + readFileSync(join(folder, file), 'utf8').split(/^kind: InferenceService$/m).length - 1, 0);
}

function withKustomize(folder: string): readonly Figure[] {
  if (spawnSync('kustomize', ['version']).status !== 0) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  writeFileSync(join(folder, 'kustomization.yaml'), `resources:\n${files.map((file) => `- ${file}\n`).join('')}`);
  return [measure('kustomize build of the same', 'kustomize', ['build', folder], process.env)];
}
