import { join, resolve } from 'node:path';
import { standardImages, startNode, type ImageEntry, type LocalNode } from 'cdk8s-kserve-local';
import { openApiDoor } from '../../support/api-door';
import type { OwnNetwork } from '../../support/own-network';
import { playServices } from '../../support/played-services';
import { podNetworks } from '../../support/pod-networks';
import { startKnative, type Knative, type Place } from './knative';
import { playGateway, type PlayedGateway } from './played-gateway';
import { playIngress } from './played-ingress';

const MODELS = resolve(__dirname, '../../../../examples/01-first-model/models');
const SETTINGS = {
  // The shortest that Knative takes.
  'config-autoscaler': { 'stable-window': '6s', 'scale-to-zero-grace-period': '6s' },
  // Pods of a busy machine take their time to start.
  'config-deployment': { 'progress-deadline': '120s' },
};
/** They listen at the same ports at all addresses. The webhook is called by the API server, outside. */
const IN_NETWORKS = ['controller', 'autoscaler', 'activator'] as const;

/** All of Knative Serving, and pods that run: with its queue-proxy, each in a network of its own. */
export interface Autoscaled {
  readonly knative: Knative;
  readonly node: LocalNode;
  readonly gateway: PlayedGateway;
  /** Address of the activator. */
  readonly activator: string;
  stop(): Promise<void>;
}

export async function startAutoscaled(folder: string, kubeconfig: string, network: OwnNetwork): Promise<Autoscaled> {
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const door = await openApiDoor(kubeconfig, network.pods.gateway);
    ends.push(() => door.close());
    const connect = podNetworks(network);
    const places = new Map<string, Place>();
    for (const name of IN_NETWORKS) {
      const place = await connect();
      ends.push(() => place.release());
      places.set(name, { ...place, kubeconfig: door.kubeconfig });
    }
    const knative = await startKnative(folder, kubeconfig, { programs: ['webhook', ...IN_NETWORKS], settings: SETTINGS, places });
    ends.push(() => knative.stop());
    const { api } = knative.cluster;
    const services = await playServices(api, network);
    ends.push(() => services.stop());
    const ingress = playIngress(api);
    ends.push(() => ingress.stop());
    const gateway = await playGateway(api, services);
    ends.push(() => gateway.stop());
    const queueProxy: ImageEntry = { repository: 'knative.dev/serving/cmd/queue', exec: [join(folder, 'queue')] };
    const node = await startNode({ api, podNetworks: connect, images: [...standardImages(), queueProxy], sourceMap: { 'pvc://iris-models': MODELS }, stopGraceMs: 500 });
    ends.push(() => node.stop(), () => knative.cluster.stopControllers());
    return { knative, node, gateway, activator: places.get('activator')?.address ?? '', stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
