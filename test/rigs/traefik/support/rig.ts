import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { standardImages, startNode, type ImageEntry } from 'cdk8s-kserve-local';
import type { TestCluster } from '../../../e2e/controller/support/cluster';
import type { Answer } from '../../../e2e/support/ask';
import { iris } from '../../../e2e/controller/support/iris';
import { startTraefik, type Traefik } from './traefik';

const root = resolve(__dirname, '../../../..');
const FIRST = resolve(root, 'examples/01-first-model/models/svc/model.joblib');
const SECOND = resolve(root, 'packages/runtime/test/fixtures/sklearn/extra-tree.joblib');
/** Two models that tell the same flower in other words, so that an answer says which of them gave it. */
export const VERSION_1 = { storageUri: 'pvc://iris-1/model', answer: '{"predictions":[1]}' };
export const VERSION_2 = { storageUri: 'pvc://iris-2/model', answer: '{"predictions":["versicolor"]}' };
export const FLOWER = { instances: [[6.8, 2.8, 4.8, 1.4]] };
/** Stands for a transformer or a router: names of Services do not resolve on this machine, so that real ones could ask nobody. */
export const ONE_ANSWER = { image: 'test/one-answer:1', answer: '{"predictions":["one answer"]}' };
const ONE_ANSWER_ENTRY: ImageEntry = { repository: 'test/one-answer', exec: [process.execPath, resolve(__dirname, 'one-answer.mjs')], portFlag: () => '--http_port' };

/** Traefik, and a node whose pods run and can be reached by it. */
export interface Rig extends Traefik {
  /** What callers get who ask a service for the species of one flower. */
  predict(host: string, options?: Parameters<Traefik['ask']>[2]): Promise<Answer>;
}

export async function startRig(): Promise<Rig> {
  const { ISVC_TEST_RIG = '', ISVC_TEST_KUBECONFIG = '' } = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'isvc-rig-'));
  for (const [name, file] of [['1', FIRST], ['2', SECOND]] as const) {
    await mkdir(join(folder, name, 'model'), { recursive: true });
    await copyFile(file, join(folder, name, 'model/model.joblib'));
  }
  const traefik = await startTraefik(ISVC_TEST_RIG, ISVC_TEST_KUBECONFIG);
  const node = await startNode({
    api: traefik.cluster.api, address: ownAddress(), stopGraceMs: 500, images: [...standardImages(), ONE_ANSWER_ENTRY],
    sourceMap: { 'pvc://iris-1': join(folder, '1'), 'pvc://iris-2': join(folder, '2') },
  });
  return {
    ...traefik,
    predict: (host, options) => traefik.ask(host, '/v1/models/iris:predict', { body: FLOWER, ...options }),
    stop: async () => {
      await node.stop();
      await traefik.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The service in raw mode. Its server drains as it would in a cluster, where pods know by a variable that they are in one. */
export function irisWith({ storageUri }: { readonly storageUri: string }, namespace: string, spec: object = {}): KubeObject {
  const service = iris(namespace, { predictor: { ...model({ storageUri }), minReplicas: 1, maxReplicas: 1 } });
  return { ...service, spec: { ...(service['spec'] as object), ...spec } };
}

export function model({ storageUri }: { readonly storageUri: string }): object {
  return { model: { modelFormat: { name: 'sklearn' }, storageUri, args: ['--drain_delay_seconds=5'] } };
}

/** The host of a service under the default config. */
export function hostOf(namespace: string, name = 'iris'): string {
  return `${name}-${namespace}.example.com`;
}

/** Objects of the kinds that the controller makes, by kind and name. */
export async function childrenOf({ api }: TestCluster, namespace: string): Promise<readonly string[]> {
  const kinds = [['v1', 'Service'], ['apps/v1', 'Deployment'], ['autoscaling/v2', 'HorizontalPodAutoscaler'], ['gateway.networking.k8s.io/v1', 'HTTPRoute'], ['gateway.networking.k8s.io/v1', 'GRPCRoute'], ['v1', 'Pod'], ['discovery.k8s.io/v1', 'EndpointSlice']] as const;
  const found = await Promise.all(kinds.map(async ([apiVersion, kind]) => {
    const resource = await api.discover(apiVersion, kind);
    return resource ? (await api.list(resource, { namespace })).items.map((object) => `${kind} ${object.metadata.name}`) : [];
  }));
  return found.flat().sort();
}

/** An address that EndpointSlices may carry: not loopback. */
function ownAddress(): string {
  const own = Object.values(networkInterfaces()).flat().find((i) => i && !i.internal && i.family === 'IPv4');
  if (!own) throw new Error('this machine has no address but loopback, which EndpointSlices may not carry; give it one');
  return own.address;
}
