// `npm run test:image`: builds the image with buildah, runs it as its own user on a read-only root, asks it for a
// prediction and prints its size. Skipped where there is no buildah or the user may not mount.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { stageBase } from './base.mjs';
import { stage } from './stage.mjs';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
const USER = 65532;
const DEADLINE_MS = 60_000;
const MAX_APP_BYTES = 60e6;

if (spawnSync('buildah', ['--version']).status !== 0 || spawnSync('unshare', ['-m', 'true']).status !== 0) {
  process.stdout.write('skipped: needs buildah and the right to mount\n');
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'isvc-image-'));
const buildah = (...args) => execFileSync('buildah', ['--storage-driver', 'vfs', '--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), ...args], { encoding: 'utf8' }).trim();
let container;
let server;
try {
  await stage(folder);
  let base = process.env.BASE;
  if (!base) {
    stageBase(folder);
    buildah('bud', '--isolation', 'chroot', '-q', '-f', join(repository, 'image/Dockerfile.base'), '-t', 'localhost/base', folder);
    base = 'localhost/base';
  }
  buildah('bud', '--isolation', 'chroot', '-q', '--build-arg', `BASE=${base}`, '-t', 'localhost/cdk8s-kserve', folder);
  const { OCIv1: { config } } = JSON.parse(buildah('inspect', '--type', 'image', 'localhost/cdk8s-kserve'));
  check('numeric, unprivileged user', config.User, `${USER}:${USER}`);
  printSizes();

  container = buildah('from', 'localhost/cdk8s-kserve');
  const root = buildah('mount', container);
  // A volume of the pod: the only thing beside the image that the process can read.
  mkdirSync(join(root, 'mnt/models'), { recursive: true });
  cpSync(join(repository, 'examples/01-first-model/models'), join(root, 'mnt/models'), { recursive: true });
  check('version', inRoot(root, config, ['--version']).trim(), JSON.parse(readFileSync(join(repository, 'packages/runtime/package.json'), 'utf8')).version);
  check('root is read-only', inRoot(root, { Entrypoint: ['node', '-e'] }, ["try{require('fs').writeFileSync('/app/x','')}catch(e){process.stdout.write(e.code)}"]), 'EROFS');
  check('controller', /usage|Usage|isvc-controller/.test(inRoot(root, config, ['controller', '--help'])), true);
  await predict(root, config);
} finally {
  server?.kill('SIGKILL');
  if (container) buildah('umount', container);
  rmSync(folder, { recursive: true, force: true });
}

function printSizes() {
  const archive = join(folder, 'image.tar');
  buildah('push', '-q', 'localhost/cdk8s-kserve', `oci-archive:${archive}`);
  const app = gzipSync(execFileSync('tar', ['-C', folder, '-cf', '-', 'app'], { maxBuffer: 2 ** 30 })).length;
  process.stdout.write(`image: ${mb(statSync(archive).size)} MB compressed with its base, ${mb(app)} MB without\n`);
  check('own layer under 60 MB', app < MAX_APP_BYTES, true);
}

function command(root, { Entrypoint }, args) {
  const script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount -t proc proc "$0/proc" 2>/dev/null; exec chroot --userspec=65532:65532 "$0" "$@"';
  return ['unshare', ['-m', 'sh', '-c', script, root, ...Entrypoint, ...args], { env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', KUBERNETES_SERVICE_HOST: '' } }];
}

function inRoot(root, config, args) {
  const [program, argv, options] = command(root, config, args);
  return execFileSync(program, argv, { ...options, encoding: 'utf8' });
}

async function predict(root, config) {
  const [program, argv, options] = command(root, config, ['--model_name=iris', '--model_dir=/mnt/models/svc', '--http_port=0', '--drain_delay_seconds=0']);
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
  const answer = await fetch(`http://127.0.0.1:${port}/v1/models/iris:predict`, { method: 'POST', body: '{"instances":[[6.8,2.8,4.8,1.4],[6.0,3.4,4.5,1.6]]}' });
  check('prediction', await answer.text(), '{"predictions":[1,1]}');
  server.kill('SIGTERM');
  check('exit code after SIGTERM', await exit, 0);
}

function check(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  process.stdout.write(`ok ${what}: ${JSON.stringify(actual)}\n`);
}

function mb(bytes) {
  return (bytes / 1e6).toFixed(1);
}
