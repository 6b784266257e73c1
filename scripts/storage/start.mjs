// Starts real object stores and registries on loopback, with a folder of their own, and stops them again.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../support/free-ports.cjs';
import { startTokenServer } from './token-server.mjs';

const START_DEADLINE_MS = 60_000;
const LOGIN = 'ann:test-password';
/** The same password as bcrypt has it, at its lowest cost. */
const HTPASSWD = 'ann:$2b$04$SHf7hBIpHGehdxczaOCfRefZFiDJOz9P3u4TkuqzGrm21ffrO/96.\n';

/**
 * @param programs as `storagePrograms` gives them; what is not among them is not started.
 * @returns `env`, the addresses as the tests look for them; `pids` by name; and `stop()`.
 */
export async function startStorage(programs) {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-storage-'));
  const running = [];
  const env = {};
  const ports = await freePorts(5);
  const [s3, gcs, azure, basic, token] = ports;
  const start = (name, port, command, args, more = {}) => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', log, log], env: { PATH: process.env.PATH, HOME: folder, ...more } });
    closeSync(log);
    child.once('error', () => {});
    running.push({ name, port, child, ended: new Promise((resolve) => child.once('close', resolve)) });
  };
  const registry = (name, port, auth) => {
    const config = { version: 0.1, log: { level: 'error' }, storage: { filesystem: { rootdirectory: join(folder, name) }, delete: { enabled: true } }, http: { addr: `127.0.0.1:${port}`, secret: 'test' }, auth };
    writeFileSync(join(folder, `${name}.yml`), JSON.stringify(config));
    start(name, port, programs.registry, ['serve', `${name}.yml`], { OTEL_TRACES_EXPORTER: 'none' });
  };
  const tokens = await startTokenServer(LOGIN, 'test-issuer', 'test-registry');
  const stop = async () => {
    tokens.close();
    for (const { child, ended } of running) {
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (programs.versitygw) {
      mkdirSync(join(folder, 's3/models'), { recursive: true });
      start('versitygw', s3, programs.versitygw, ['--port', `127.0.0.1:${s3}`, '--keep-alive', '--quiet', 'posix', 's3'], { ROOT_ACCESS_KEY: 'test-access-key', ROOT_SECRET_KEY: 'test-secret-key' });
      env.ISVC_TEST_S3 = `http://127.0.0.1:${s3}`;
    }
    if (programs['fake-gcs-server']) {
      mkdirSync(join(folder, 'gcs/models'), { recursive: true });
      start('fake-gcs-server', gcs, programs['fake-gcs-server'], ['-scheme', 'http', '-host', '127.0.0.1', '-port', String(gcs), '-backend', 'memory', '-data', 'gcs', '-public-host', `127.0.0.1:${gcs}`]);
      env.ISVC_TEST_GCS = `http://127.0.0.1:${gcs}`;
    }
    if (programs.azurite) {
      start('azurite', azure, process.execPath, [programs.azurite, '--silent', '--location', 'azure', '--blobPort', String(azure), '--skipApiVersionCheck', '--disableTelemetry']);
      env.ISVC_TEST_AZURE = `http://127.0.0.1:${azure}/devstoreaccount1`;
    }
    if (programs.registry) {
      writeFileSync(join(folder, 'htpasswd'), HTPASSWD);
      registry('registry-basic', basic, { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } });
      writeFileSync(join(folder, 'keys.json'), JSON.stringify(tokens.keys));
      registry('registry-token', token, { token: { realm: tokens.realm, issuer: 'test-issuer', service: 'test-registry', jwks: join(folder, 'keys.json') } });
      env.ISVC_TEST_REGISTRY = `127.0.0.1:${basic}`;
      env.ISVC_TEST_REGISTRY_TOKEN = `127.0.0.1:${token}`;
    }
    await Promise.all(running.map((process) => answers(process, folder)));
    return { env, pids: Object.fromEntries(running.map(({ name, child }) => [name, child.pid])), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answers({ name, port, child }, folder) {
  for (const end = Date.now() + START_DEADLINE_MS; ; ) {
    if (await connects(port)) return;
    if (child.exitCode !== null || Date.now() > end) throw new Error(`${name} does not answer on port ${port}:\n${readFileSync(join(folder, `${name}.log`), 'utf8').slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function connects(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false)).once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
