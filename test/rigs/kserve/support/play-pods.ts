import type { KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';

const PODS = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };
const PAUSE_MS = 200;
const TYPES: readonly string[] = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'];

interface PlayedPod extends KubeObject {
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
  readonly status: { readonly podIP?: string };
}

/** Plays the kubelet: every pod is ready at once, but one with an image called `broken`, which is never pulled. Nothing runs. */
export function playPods(api: KubeApi): { stop(): Promise<void> } {
  let stopped = false;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const { items } = await api.list(PODS).catch(() => ({ items: [] }));
      for (const pod of items as readonly PlayedPod[]) {
        // Somebody else may have changed or removed it since: the next round sees.
        if (pod.metadata.deletionTimestamp) await api.delete({ ...PODS, name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' }, { gracePeriodSeconds: 0 }).catch(() => undefined);
        else if (!pod.status.podIP) await api.replaceStatus({ ...pod, apiVersion: 'v1', kind: 'Pod', status: statusOf(pod) }).catch(() => undefined);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const done = loop();
  return {
    stop: () => {
      stopped = true;
      return done;
    },
  };
}

function statusOf({ spec, status }: PlayedPod): object {
  const now = new Date().toISOString().replace(/\.\d+/, '');
  const works = spec.containers.every(({ image }) => !image.includes('broken'));
  const isMet = (type: string): boolean => works || !type.endsWith('Ready');
  return {
    ...status, phase: works ? 'Running' : 'Pending', podIP: '10.244.0.1', podIPs: [{ ip: '10.244.0.1' }], startTime: now,
    conditions: TYPES.map((type) => ({ type, status: isMet(type) ? 'True' : 'False', lastTransitionTime: now })),
    containerStatuses: spec.containers.map(({ name, image }) => ({
      name, image, imageID: image, restartCount: 0, ready: works, started: works,
      state: works ? { running: { startedAt: now } } : { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` } },
    })),
  };
}
