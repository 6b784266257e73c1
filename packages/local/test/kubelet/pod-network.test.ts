import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog } from 'cdk8s-kserve-controller';
import { Kubelet, type KubeletOptions } from '../../src/kubelet/kubelet';
import { isPodReady, type Pod } from '../../src/kubelet/pod';
import type { PodNetworks } from '../../src/kubelet/pod-network';
import { InformerSet } from '../../src/reconciling/informer-set';
import { MemoryKubeApi } from '../support/memory-kube-api';
import { pod, SCRIPT_IMAGE, scriptContainer } from '../support/pods';
import { until } from '../../../../test/support/until';

let api: MemoryKubeApi;
let kubelet: Kubelet;
let informers: InformerSet;

async function startKubelet(options: Partial<KubeletOptions>): Promise<void> {
  api = new MemoryKubeApi();
  informers = new InformerSet(api, silentLog);
  kubelet = new Kubelet({ api, informers, images: [SCRIPT_IMAGE], drainMs: 0, address: '192.0.2.1', ...options });
  await kubelet.start();
  await informers.start();
}

afterEach(async () => {
  await kubelet.stop(500);
  await informers.stop();
});

const POD = { apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'default' };
const live = (done: (pod: Pod) => unknown): Promise<Pod> => until('the pod is as expected', async () => {
  const found = (await api.get(POD)) as Pod | undefined;
  return found && done(found) ? found : undefined;
});

/** Stands for a network: this machine's own, which a variable tells that programs were started in. */
function network(released: string[]): PodNetworks {
  return async ({ metadata }) => ({ address: '127.0.0.1', enter: ['env', 'NETWORK=own'], release: async () => void released.push(metadata.name) });
}

test('a pod with a network of its own keeps its ports, is asked at its address, and gives it back', async () => {
  const released: string[] = [];
  await startKubelet({ podNetworks: network(released) });
  const asked: string[] = [];
  // The program's port: in a network of its own it would be the one that the pod declares.
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const script = 'console.log(process.env.NETWORK, process.env.IP, process.env.HOST, process.argv.at(-1)); process.stdin.on("end", () => process.exit()).resume()';
  await api.create(pod('p', { containers: [scriptContainer(script, {
    args: [`--http_port=${port}`], ports: [{ containerPort: port }],
    env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }, { name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } }],
    readinessProbe: { httpGet: { path: '/ready', port } }, lifecycle: { preStop: { httpGet: { path: '/leaves', port } } },
  })] }));
  const ready = await live(isPodReady);
  expect(ready.status).toMatchObject({ podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }], hostIP: '192.0.2.1' });
  await until('the container has spoken', () => (kubelet.logs('default', 'p', 'main')?.tail() ?? []).length > 0);
  expect(kubelet.logs('default', 'p', 'main')?.tail().map(({ text }) => text)).toEqual([`own 127.0.0.1 192.0.2.1 --http_port=${port}`]);
  await api.delete(POD);
  await until('the network is given back', () => released.length > 0);
  expect(released).toEqual(['p']);
  expect([asked.at(0), asked.at(-1)]).toEqual(['/ready', '/leaves']);
  await new Promise((resolve) => server.close(resolve));
});

test('a pod whose network cannot be made says why, without an address, and starts once it can', async () => {
  let full = true;
  const networks = network([]);
  await startKubelet({ podNetworks: async (wanted) => (full ? Promise.reject(new Error('no address is left')) : networks(wanted)) });
  await api.create(pod('p', { restartPolicy: 'Never', containers: [scriptContainer('')] }));
  const waiting = await live(({ status }) => status?.reason);
  expect(waiting.status).toMatchObject({ phase: 'Pending', reason: 'FailedCreatePodSandBox', message: 'no address is left' });
  expect(waiting.status?.podIP).toBeUndefined();
  full = false;
  await live(({ status }) => status?.phase === 'Succeeded');
});

test('a stop does not wait for the grace period of a pod that was deleted before', async () => {
  await startKubelet({});
  await api.create(pod('p', { terminationGracePeriodSeconds: 600, containers: [scriptContainer('process.on("SIGTERM", () => console.log("not yet")); console.log("up"); setInterval(() => {}, 1000)')] }));
  const says = (text: string): Promise<unknown> => until(text, () => kubelet.logs('default', 'p', 'main')?.tail().some((line) => line.text === text));
  await says('up');
  const [pid = 0] = kubelet.pids;
  await api.mergePatch(POD, { metadata: { deletionTimestamp: new Date().toISOString(), deletionGracePeriodSeconds: 600 } });
  await until('the pod is on its way out', () => kubelet.logs('default', 'p', 'main') === undefined);
  expect(kubelet.pids).toEqual([pid]);
  await kubelet.stop(100);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
