// `npm run test:cluster [-- test/FILES AND JEST ARGS]`: the controller's tests on a real etcd, kube-apiserver and kube-controller-manager.
// `npm run test:RIG`: with a program beside them that real clusters have.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianProgram, PackageMissing } from '../support/debian-programs.mjs';
import { clusterPrograms, GoMissing, rigPrograms } from './build.mjs';
import { ownNetwork } from './own-network.mjs';
import { startCluster } from './start.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** Real Deployments, whose pods run as processes; elsewhere the tests play the controllers of workloads. */
const WORKLOADS = 'garbage-collector-controller,namespace-controller,deployment-controller,replicaset-controller';
/** By the name of the rig. Later suites install APIs that change what earlier ones would see, so each gets a cluster of its own. */
const SUITES = {
  cluster: [
    { paths: ['test/e2e/controller'] },
    { paths: ['test/cluster', 'test/golden/controller'] },
    { paths: ['test/cluster/predictions', 'test/cluster/transcript'], controllers: WORKLOADS },
  ],
  // A part of the above, for transcript.mjs.
  transcript: [{ paths: ['test/cluster/transcript'], controllers: WORKLOADS }],
  kserve: [{ paths: ['test/rigs/kserve'], controllers: WORKLOADS }],
  traefik: [{ paths: ['test/rigs/traefik'], controllers: WORKLOADS }],
  kwok: [{ paths: ['test/rigs/kwok'], controllers: WORKLOADS, further: ['kubectl'] }],
  keda: [{ paths: ['test/rigs/keda'], controllers: `${WORKLOADS},horizontal-pod-autoscaler-controller`, cluster: { aggregation: true, autoscalerSeconds: 5 }, packages: ['prometheus'] }],
  knative: [{ paths: ['test/rigs/knative'], controllers: `${WORKLOADS},endpoints-controller` }],
};
/** Rigs whose programs listen at ports and addresses of their own choice, with the tests that need such a network. */
const OWN_NETWORK = { knative: 'test/rigs/knative/autoscaling.test.ts' };

const [rig, ...given] = process.argv.slice(2);
/** Files and folders to run instead of all; jest would run both. */
const named = given.filter((arg) => arg.startsWith('test/'));
const args = given.filter((arg) => !named.includes(arg));
const suites = SUITES[rig];
if (!suites) throw new Error(`the first word is one of ${Object.keys(SUITES).join(', ')}, got ${rig}`);
const began = Date.now();
const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
let programs;
const beside = {};
try {
  programs = clusterPrograms();
  if (!['cluster', 'transcript'].includes(rig)) beside.ISVC_TEST_RIG = rigPrograms(rig);
  for (const name of suites.flatMap(({ further = [] }) => further)) beside[`ISVC_TEST_RIG_${name.toUpperCase()}`] = rigPrograms(name);
  for (const name of suites.flatMap(({ packages = [] }) => packages)) beside[`ISVC_TEST_${name.toUpperCase()}`] = debianProgram(name);
} catch (error) {
  if (!(error instanceof GoMissing || error instanceof PackageMissing)) throw error;
  process.stdout.write(`skipped: ${error.message}\n`);
  process.exit(0);
}
// Where kubectl was built with them, the tests use it.
beside.PATH = `${dirname(programs['kube-apiserver'])}${delimiter}${process.env.PATH}`;
process.stdout.write(`programs of the cluster are there after ${seconds()}\n`);

if (OWN_NETWORK[rig] && process.env.ISVC_TEST_NETWORK === undefined) {
  const network = ownNetwork();
  if (network.words) process.exit(await runIn(network));
  process.stdout.write(`\nSKIPPED: ${OWN_NETWORK[rig]}: this machine permits no network of its own for the run (${network.refuses})\n`);
}

let failed = false;
for (const { paths, controllers, cluster: options } of suites) {
  const suite = (named.length > 0 ? named.filter((file) => paths.some((path) => file.startsWith(path))) : paths).map((path) => join(root, path));
  if (suite.length === 0) continue;
  const cluster = await startCluster(programs, { ...options, ...(controllers ? { controllers } : {}) });
  const control = await serveControl(cluster);
  const interrupt = () => void cluster.stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    process.stdout.write(`\n${suite.map((path) => relative(root, path)).join(', ')} on ${cluster.server} after ${seconds()}\n`);
    // One at a time: the tests share one server, and namespaces keep them apart.
    const code = await jest(['--runInBand', '--ci', ...suite, ...args], { ISVC_TEST_KUBECONFIG: cluster.kubeconfig, ISVC_TEST_CLUSTER_CONTROL: control.url, ...beside, ...(controllers ? { ISVC_TEST_CLUSTER_WORKLOADS: 'real' } : {}) });
    failed ||= code !== 0;
  } finally {
    control.close();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await cluster.stop();
  }
}
process.stdout.write(`\ntest:${rig} ${failed ? 'failed' : 'passed'} after ${seconds()}\n`);
process.exitCode = failed ? 1 : 0;

/** `POST /NAME` kills a program of the cluster and starts it again: what the tests cannot do from within jest. */
function serveControl(cluster) {
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      cluster.restart(request.url.slice(1)).then(() => response.end('restarted\n'), (error) => response.writeHead(404).end(`${error.message}\n`));
    }).listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }));
  });
}

/** This program once more, in that network. What ends this one is handed on; it waits for the other's end. */
function runIn({ words: [file, ...words], env }) {
  const child = spawn(file, [...words, process.execPath, ...process.argv.slice(1)], { env: { ...process.env, ...env }, stdio: 'inherit' });
  // An interrupt from a terminal reaches both.
  process.on('SIGINT', () => {}).on('SIGTERM', () => child.kill('SIGTERM'));
  return endOf(child);
}

function jest(args, env) {
  return endOf(spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), '-c', 'config/jest.config.cjs', ...args], { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' }));
}

/** Its exit status; that of a program which a signal ended is 1. */
function endOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
}
