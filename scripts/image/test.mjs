// `npm run test:image`: builds the image with buildah, runs it as its own user on a read-only root, asks it for a
// prediction and prints its size; with `-- --onnx` the variant for ONNX models as well, for which it installs ci/onnx.
// Skipped where there is no buildah or the user may not mount.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { stageBase } from './base.mjs';
import { stage } from './stage.mjs';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
const USER = 65532;
const DEADLINE_MS = 60_000;

if (spawnSync('buildah', ['--version']).status !== 0 || spawnSync('unshare', ['-m', 'true']).status !== 0) {
  process.stdout.write('skipped: needs buildah and the right to mount\n');
  process.exit(0);
}

/** What each image is asked, and how large its own layer may be. */
const VARIANTS = [
  { name: 'cdk8s-kserve', maxAppBytes: 60e6, models: 'examples/01-first-model/models', model: 'svc', ask: askSklearn },
  { name: 'cdk8s-kserve-onnx', onnx: true, maxAppBytes: 60e6, models: 'packages/runtime/test/fixtures/onnx/forest.onnx', model: 'forest.onnx', ask: askOnnx },
];

const folder = mkdtempSync(join(tmpdir(), 'isvc-image-'));
const buildah = (...args) => execFileSync('buildah', ['--storage-driver', 'vfs', '--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), ...args], { encoding: 'utf8' }).trim();
const containers = [];
let server;
try {
  for (const variant of VARIANTS.filter((v) => !v.onnx || process.argv.includes('--onnx'))) await testImage(variant);
} finally {
  server?.kill('SIGKILL');
  for (const container of containers) buildah('umount', container);
  rmSync(folder, { recursive: true, force: true });
}

async function testImage({ name, onnx = false, maxAppBytes, models, model, ask }) {
  const context = join(folder, name);
  mkdirSync(context);
  await stage(context, { onnx });
  let base = process.env.BASE;
  if (!base) {
    stageBase(context, onnx ? nativeFiles(join(context, 'app/node_modules')) : []);
    base = `localhost/${name}-base`;
    buildah('bud', '--isolation', 'chroot', '-q', '-f', join(repository, 'image/Dockerfile.base'), '-t', base, context);
  }
  const image = `localhost/${name}`;
  buildah('bud', '--isolation', 'chroot', '-q', '--build-arg', `BASE=${base}`, '-t', image, context);
  const { OCIv1: { config } } = JSON.parse(buildah('inspect', '--type', 'image', image));
  process.stdout.write(`${name}\n`);
  check('numeric, unprivileged user', config.User, `${USER}:${USER}`);
  printSizes(context, image, maxAppBytes);

  const container = buildah('from', image);
  containers.push(container);
  const root = buildah('mount', container);
  // A volume of the pod: the only thing beside the image that the process can read.
  const volume = join(root, 'mnt/models');
  mkdirSync(volume, { recursive: true });
  cpSync(join(repository, models), models.endsWith(model) ? join(volume, model) : volume, { recursive: true });
  check('version', inRoot(root, config, ['--version']).trim(), JSON.parse(readFileSync(join(repository, 'packages/runtime/package.json'), 'utf8')).version);
  check('root is read-only', inRoot(root, { Entrypoint: ['node', '-e'] }, ["try{require('fs').writeFileSync('/app/x','')}catch(e){process.stdout.write(e.code)}"]), 'EROFS');
  check('controller', /usage|Usage|isvc-controller/.test(inRoot(root, config, ['controller', '--help'])), true);
  const plugins = "import(require('module').createRequire('/app/controller/lib/bundle.js').resolve('@kubernetes/client-node')).then(({ KubeConfig }) => process.stdout.write(typeof KubeConfig))";
  check('what kubeconfigs with plugins need', inRoot(root, { Entrypoint: ['node', '-e'] }, [plugins]), 'function');
  await predict(root, config, `/mnt/models/${model}`, ask);
}

function nativeFiles(modules) {
  return readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(node|so(\.\d+)*)$/.test(file)).map((file) => join(modules, file));
}

function printSizes(context, image, maxAppBytes) {
  const archive = join(context, 'image.tar');
  buildah('push', '-q', image, `oci-archive:${archive}`);
  const app = gzipSync(execFileSync('tar', ['-C', context, '-cf', '-', 'app'], { maxBuffer: 2 ** 30 })).length;
  process.stdout.write(`image: ${mb(statSync(archive).size)} MB compressed with its base, ${mb(app)} MB without\n`);
  check(`own layer under ${maxAppBytes / 1e6} MB`, app < maxAppBytes, true);
}

function command(root, { Entrypoint }, args) {
  const script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount -t proc proc "$0/proc" 2>/dev/null; exec chroot --userspec=65532:65532 "$0" "$@"';
  return ['unshare', ['-m', 'sh', '-c', script, root, ...Entrypoint, ...args], { env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', KUBERNETES_SERVICE_HOST: '' } }];
}

function inRoot(root, config, args) {
  const [program, argv, options] = command(root, config, args);
  return execFileSync(program, argv, { ...options, encoding: 'utf8' });
}

async function predict(root, config, modelDir, ask) {
  const [program, argv, options] = command(root, config, ['--model_name=iris', `--model_dir=${modelDir}`, '--http_port=0', '--drain_delay_seconds=0']);
  server = spawn(program, argv, options);
  let log = '';
  const exit = new Promise((resolve) => server.once('exit', resolve));
  const port = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time: ${log}`)), DEADLINE_MS);
    server.stderr.setEncoding('utf8').on('data', (text) => {
      log += text;
      const match = /ready on port (\d+)/.exec(log);
      if (!match) return;
      clearTimeout(timer);
      resolve(match[1]);
    });
    void exit.then((code) => reject(new Error(`ended with ${code}: ${log}`)));
  });
  check('user', Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]), USER);
  await ask(`http://127.0.0.1:${port}`);
  server.kill('SIGTERM');
  check('exit code after SIGTERM', await exit, 0);
}

async function askSklearn(server) {
  const answer = await fetch(`${server}/v1/models/iris:predict`, { method: 'POST', body: '{"instances":[[6.8,2.8,4.8,1.4],[6.0,3.4,4.5,1.6]]}' });
  check('prediction', await answer.text(), '{"predictions":[1,1]}');
}

/** The answers that Python's ONNX Runtime gave are recorded beside the model. */
async function askOnnx(server) {
  const { inputs, outputs } = JSON.parse(readFileSync(join(repository, 'packages/runtime/test/fixtures/onnx/forest.expected.json'), 'utf8'));
  const answer = await fetch(`${server}/v2/models/iris/infer`, { method: 'POST', body: JSON.stringify({ inputs }) });
  const got = await answer.json();
  check('labels of the ONNX model', JSON.stringify(got.outputs?.[0]?.data), JSON.stringify(outputs[0].data));
  const furthest = Math.max(...got.outputs[1].data.map((value, i) => Math.abs(value - outputs[1].data[i])));
  check('probabilities of the ONNX model within 1e-6', furthest < 1e-6 && got.outputs[1].data.length === outputs[1].data.length, true);
}

function check(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  process.stdout.write(`ok ${what}: ${JSON.stringify(actual)}\n`);
}

function mb(bytes) {
  return (bytes / 1e6).toFixed(1);
}
