// Starts a control plane of real programs on loopback, with a folder of its own, and stops it again.
import { spawn } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { freePorts } from '../support/free-ports.cjs';

const START_DEADLINE_MS = 60_000;
/** The tests play the controllers of Deployments and autoscalers themselves; what only a real cluster does is these. */
const CONTROLLERS = 'garbage-collector-controller,namespace-controller';

/**
 * @param programs the files of etcd, kube-apiserver and kube-controller-manager, by name
 * @param options `controllers`: of the controller manager; `autoscalerSeconds`: how often it looks at autoscalers, 15 unless given;
 *   `auditPolicy`: YAML text, to have an audit log; `aggregation`: other API servers can tell who asks them through this one;
 *   `users`: names of further administrators, whom the audit log tells apart
 * @returns `folder`, `kubeconfig` (a file), `kubeconfigOf` (a file by user), `server`, `token`, `auditLog` (a file), `pids` by name, `restart(name)`, and `stop()`
 */
export async function startCluster(programs, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-cluster-'));
  const [etcdPort, peerPort, apiPort, managerPort] = await freePorts(4);
  const running = [];
  const start = (name, ...args) => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = spawn(programs[name], args, { cwd: folder, stdio: ['ignore', log, log] });
    closeSync(log);
    const process = { name, args, child, ended: new Promise((resolve) => child.once('close', resolve)) };
    child.once('error', () => {});
    running.unshift(process);
    return process;
  };
  /** SIGKILL, and the same program with the same arguments and data again. */
  const restart = async (name) => {
    const index = running.findIndex((process) => process.name === name);
    if (index < 0) throw new Error(`no ${name} runs; there are ${running.map((process) => process.name).join(', ')}`);
    const [{ child, ended, args }] = running.splice(index, 1);
    child.kill('SIGKILL');
    await ended;
    return start(name, ...args);
  };
  const stop = async () => {
    // The API server's own graceful stop takes seconds and holds its port; etcd, its store, goes last.
    for (const { child, ended } of running) {
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const token = randomBytes(24).toString('hex');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(folder, 'sa.key'), createPrivateKey(privateKey.export({ type: 'pkcs1', format: 'pem' })).export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
    const tokens = { admin: token, ...Object.fromEntries((options.users ?? []).map((user) => [user, randomBytes(24).toString('hex')])) };
    writeFileSync(join(folder, 'tokens.csv'), Object.entries(tokens).map(([user, secret]) => `${secret},${user},${user},system:masters\n`).join(''), { mode: 0o600 });
    const server = `https://127.0.0.1:${apiPort}`;
    const kubeconfigOf = Object.fromEntries(Object.entries(tokens).map(([user, secret]) => [user, writeKubeconfig(join(folder, `${user}.kubeconfig`), server, user, secret)]));
    const kubeconfig = kubeconfigOf.admin;
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const peerUrl = `http://127.0.0.1:${peerPort}`;
    start('etcd', '--data-dir', 'etcd', '--unsafe-no-fsync', '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl,
      '--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `default=${peerUrl}`);
    const audit = options.auditPolicy ? ['--audit-policy-file', 'audit-policy.yaml', '--audit-log-path', 'audit.log'] : [];
    if (options.auditPolicy) writeFileSync(join(folder, 'audit-policy.yaml'), options.auditPolicy);
    const proxy = options.aggregation ? await frontProxy(folder) : [];
    const api = start('kube-apiserver', '--etcd-servers', etcdUrl, '--bind-address', '127.0.0.1', '--secure-port', String(apiPort), '--cert-dir', 'certs',
      '--service-account-key-file', 'sa.key', '--service-account-signing-key-file', 'sa.key', '--service-account-issuer', 'https://kubernetes.default.svc',
      '--authorization-mode', 'RBAC', '--token-auth-file', 'tokens.csv', '--service-cluster-ip-range', '10.96.0.0/16', '--allow-privileged',
      '--disable-admission-plugins', 'ServiceAccount', ...audit, ...proxy);
    await ready(api, server, token, folder);
    const auth = ['--kubeconfig', '--authentication-kubeconfig', '--authorization-kubeconfig'].flatMap((flag) => [flag, kubeconfig]);
    start('kube-controller-manager', ...auth, '--leader-elect=false', '--bind-address', '127.0.0.1', '--secure-port', String(managerPort), '--cert-dir', 'certs',
      '--service-account-private-key-file', 'sa.key', `--controllers=${options.controllers ?? CONTROLLERS}`,
      ...(options.autoscalerSeconds ? [`--horizontal-pod-autoscaler-sync-period=${options.autoscalerSeconds}s`] : []));
    const pids = Object.fromEntries(running.map(({ name, child }) => [name, child.pid]));
    return { folder, kubeconfig, kubeconfigOf, server, token, auditLog: join(folder, 'audit.log'), pids, restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** With which the API server vouches for its users before those that it hands their requests on to. */
async function frontProxy(folder) {
  const { selfSignedCertificate } = await tsImport('../../packages/local/src/apiserver/tls/self-signed-certificate.ts', import.meta.url);
  const { certificate, privateKey } = selfSignedCertificate(new Date());
  writeFileSync(join(folder, 'front-proxy.crt'), certificate);
  writeFileSync(join(folder, 'front-proxy.key'), privateKey, { mode: 0o600 });
  return [
    '--requestheader-client-ca-file', 'front-proxy.crt', '--requestheader-username-headers', 'X-Remote-User', '--requestheader-group-headers', 'X-Remote-Group',
    '--requestheader-extra-headers-prefix', 'X-Remote-Extra-', '--proxy-client-cert-file', 'front-proxy.crt', '--proxy-client-key-file', 'front-proxy.key',
  ];
}

function writeKubeconfig(file, server, user, token) {
  writeFileSync(file, JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'cluster',
    clusters: [{ name: 'cluster', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'cluster', context: { cluster: 'cluster', user } }],
  }), { mode: 0o600 });
  return file;
}

async function ready({ name, child }, server, token, folder) {
  for (const end = Date.now() + START_DEADLINE_MS; ; ) {
    if ((await get(`${server}/readyz`, token)) === 'ok') return;
    if (child.exitCode !== null || Date.now() > end) throw new Error(`${name} does not become ready:\n${readFileSync(join(folder, `${name}.log`), 'utf8').slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function get(url, token) {
  return new Promise((resolve) => {
    const asked = request(url, { headers: { authorization: `Bearer ${token}` }, rejectUnauthorized: false, timeout: 2_000 }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk) => (body += chunk)).on('end', () => resolve(body)).on('error', () => resolve(undefined));
    });
    asked.on('error', () => resolve(undefined)).on('timeout', () => asked.destroy()).end();
  });
}
