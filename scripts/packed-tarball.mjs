// `npm run test:packed`: the packed library in a scratch infra repo made from cdk8s's own TypeScript template. Needs a registry.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const template = join(root, 'node_modules/cdk8s-cli/templates/typescript-app');
const PEERS = ['cdk8s', 'constructs'];
const MOST_PACKAGES = 10;
/** How users' repositories resolve modules; the first is the template's own. */
const RESOLUTIONS = [[], ['--module', 'node16'], ['--module', 'nodenext'], ['--module', 'es2020', '--moduleResolution', 'bundler']];

const folder = mkdtempSync(join(tmpdir(), 'isvc-packed-'));
try {
  const tarball = pack();
  countPackages(tarball);
  const repo = infraRepo(tarball);
  for (const flags of RESOLUTIONS) {
    run(`type-check ${flags.join(' ') || '(the template as it is)'}`, process.execPath, [join(repo, 'node_modules/typescript/bin/tsc'), '-p', '.', '--noEmit', ...flags], repo);
  }
  run('cdk8s synth', 'npx', ['cdk8s', 'synth'], repo);
  checkOutput(join(repo, 'dist'));
  run('isvc lint of what it wrote', process.execPath, [join(root, 'packages/cli/bin/isvc.js'), 'lint', 'dist'], repo);
  console.log('packed tarball: ok');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Packs the library and looks for what should not be in it. */
function pack() {
  const out = run('npm pack', 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root, { quiet: true });
  const [{ filename, size, unpackedSize, files }] = JSON.parse(out);
  const stray = files.map(({ path }) => path).filter((path) => /\.tsbuildinfo$|(^|\/)(test|packages|node_modules|shared)\/|\.env/.test(path));
  if (stray.length > 0) throw new Error(`the tarball holds ${stray.join(', ')}`);
  for (const needed of ['lib/index.js', 'lib/index.d.ts', 'imports/serving.kserve.io.d.ts', 'crds/inferenceservices.serving.kserve.io.yaml', 'health/argo-cd.lua', 'LICENSE', 'README.md']) {
    if (!files.some(({ path }) => path === needed)) throw new Error(`the tarball lacks ${needed}`);
  }
  console.log(`tarball: ${files.length} files, ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked`);
  return join(folder, filename);
}

/** How many packages an infra repo gets besides cdk8s itself. */
function countPackages(tarball) {
  const repo = join(folder, 'count');
  mkdirSync(repo);
  const peers = PEERS.map((name) => `${name}@${versionOf(name)}`);
  const packagesAfter = (...specs) => {
    writeFileSync(join(repo, 'package.json'), '{"private": true}');
    rmSync(join(repo, 'package-lock.json'), { force: true });
    run(`npm install ${specs.length} packages`, 'npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', '--ignore-scripts', ...specs], repo, { quiet: true });
    return Object.keys(JSON.parse(readFileSync(join(repo, 'package-lock.json'), 'utf8')).packages).filter((path) => path !== '');
  };
  const before = new Set(packagesAfter(...peers));
  const added = packagesAfter(...peers, tarball).filter((path) => !before.has(path));
  console.log(`packages besides the peers: ${added.length} (${added.map((path) => path.replace('node_modules/', '')).join(', ')})`);
  if (added.length > MOST_PACKAGES) throw new Error(`${added.length} packages are added, ${MOST_PACKAGES} are allowed`);
}

/** cdk8s's template with its own versions, our tarball, and the user's code of test/packed. */
function infraRepo(tarball) {
  const repo = join(folder, 'infra');
  mkdirSync(repo);
  for (const file of ['tsconfig.json', 'cdk8s.yaml']) copyFileSync(join(template, file), join(repo, file));
  writeFileSync(join(repo, 'cdk8s.yaml'), readFileSync(join(template, 'cdk8s.yaml'), 'utf8').replace(/imports:[\s\S]*/, ''));
  const text = readFileSync(join(template, 'package.json'), 'utf8')
    .replaceAll('{{ $base }}', 'infra').replaceAll('{{ cdk8s_core_version }}', versionOf('cdk8s')).replaceAll('{{ constructs_version }}', versionOf('constructs'))
    .replaceAll('{{ cdk8s_cli_spec }}', versionOf('cdk8s-cli'));
  const manifest = JSON.parse(text);
  // Its tests and its second construct library are not ours to try.
  delete manifest.dependencies[Object.keys(manifest.dependencies).find((name) => name.startsWith('cdk8s-plus'))];
  for (const name of ['jest', 'ts-jest', '@types/jest']) delete manifest.devDependencies[name];
  writeFileSync(join(repo, 'package.json'), JSON.stringify(manifest, null, 2));
  copyFileSync(join(root, 'test/packed/main.ts'), join(repo, 'main.ts'));
  run('npm install', 'npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', tarball], repo, { quiet: true });
  return repo;
}

function checkOutput(dist) {
  const written = readdirSync(dist).sort();
  const text = written.map((file) => readFileSync(join(dist, file), 'utf8')).join('---\n');
  for (const kind of ['InferenceService', 'InferenceGraph', 'ServingRuntime', 'ClusterServingRuntime', 'CustomResourceDefinition', 'Deployment', 'ServiceMonitor']) {
    if (!new RegExp(`^kind: ${kind}$`, 'm').test(text)) throw new Error(`the output has no ${kind}`);
  }
  console.log(`output: ${written.join(', ')}`);
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1024)} KiB`;
}

function run(title, command, args, cwd, { quiet = false } = {}) {
  const began = Date.now();
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' }, maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`${title} failed with ${result.status ?? result.error?.message}:\n${result.stdout}${result.stderr}`);
  if (!quiet) console.log(`${title}: ok, ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return result.stdout;
}
