import { refOf, type KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';
import { repeat, unlessOvertaken } from './repeat';

const PODS = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };
const NODE = 'played';

interface PlayedPod extends KubeObject {
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly name: string; readonly image: string }[]; readonly initContainers?: readonly { readonly name: string; readonly image: string }[] };
  readonly status: { readonly phase?: string; readonly podIP?: string };
}

export interface PlayedNode {
  /** Pods of these names are not started for now. */
  holds: (pod: string) => boolean;
  stop(): Promise<void>;
}

/** A node whose pods are ready at once, except those that have an image called `broken`: it is never pulled. Nothing runs. */
export function playNode(api: KubeApi): PlayedNode {
  let addresses = 0;
  const settle = async (pod: PlayedPod): Promise<void> => {
    const ref = refOf(pod);
    if (pod.metadata.deletionTimestamp) await api.delete(ref, { gracePeriodSeconds: 0 });
    else if (!pod.spec.nodeName) {
      await api.create({ apiVersion: 'v1', kind: 'Binding', metadata: { name: pod.metadata.name, namespace: pod.metadata.namespace }, target: { apiVersion: 'v1', kind: 'Node', name: NODE } } as KubeObject);
    } else if (!pod.status.podIP && !node.holds(pod.metadata.name)) await api.replaceStatus({ ...pod, status: { ...pod.status, ...statusOf(pod, `10.244.${addresses >> 8}.${(addresses++ & 255) + 1}`) } });
  };
  const loop = repeat(async () => {
    const { items } = await api.list(PODS);
    for (const pod of items as PlayedPod[]) await settle(pod).catch(unlessOvertaken);
  });
  const node: PlayedNode = { holds: () => false, stop: () => loop.stop() };
  return node;
}

function statusOf({ spec }: PlayedPod, podIP: string): object {
  const now = new Date().toISOString().replace(/\.\d+/, '');
  const isBroken = (image: string): boolean => /(^|\/)broken\b/.test(image);
  const ready = spec.containers.every(({ image }) => !isBroken(image));
  const status = ready ? 'True' : 'False';
  const common = ({ name, image }: { name: string; image: string }): object => ({ name, image, imageID: image, restartCount: 0 });
  return {
    phase: ready ? 'Running' : 'Pending', podIP, podIPs: [{ ip: podIP }], hostIP: '192.0.2.20', startTime: now,
    conditions: ['Initialized', 'PodScheduled', 'ContainersReady', 'Ready'].map((type) => ({ type, status: type.endsWith('Ready') ? status : 'True', lastTransitionTime: now, ...(ready ? {} : { reason: 'ContainersNotReady' }) })),
    initContainerStatuses: (spec.initContainers ?? []).map((c) => ({ ...common(c), ready: true, state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } } })),
    containerStatuses: spec.containers.map((c) => (isBroken(c.image)
      ? { ...common(c), ready: false, started: false, state: { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${c.image}"` } } }
      : { ...common(c), ready, started: true, state: { running: { startedAt: now } } })),
  };
}
