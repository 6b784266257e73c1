import { silentLog, systemClock, type KubeApi, type Log } from 'cdk8s-kserve-controller';
import { Kubelet, type KubeletOptions } from '../kubelet/kubelet';
import { InformerSet } from '../reconciling/informer-set';
import { startReconciler } from '../reconciling/reconciler';
import { endpointSlicesReconciler } from '../workloads/endpoint-slices-reconciler';
import { Teardown } from './teardown';

export interface NodeOptions extends Pick<KubeletOptions, 'images' | 'sourceMap' | 'restartBackoff' | 'onLog' | 'podNetworks'> {
  readonly api: KubeApi;
  readonly log?: Log;
  /**
   * IP address of this machine under which others reach its processes. With one, Services lead to the pods.
   *
   * @default - 127.0.0.1, which EndpointSlices may not carry
   */
  readonly address?: string;
  /** Time for pods to end in order when the node stops, in milliseconds. @default 2000 */
  readonly stopGraceMs?: number;
}

/** This machine as the one node of a cluster, whose pods are its processes. */
export interface LocalNode {
  /** Process ids of all containers that run now. */
  readonly pids: readonly number[];
  /** Lines that a container has written; undefined for a container that is not known. */
  logs(namespace: string, pod: string, container: string): readonly string[] | undefined;
  /** Leaves no process and no file behind; the pods stay in the API server as they are. */
  stop(): Promise<void>;
}

/**
 * Registers this machine as the node `local` of an API server, a real one say, and runs its pods as processes.
 *
 * It takes every pod that has no node, so nothing else may schedule there. It sends no heartbeats: a node lifecycle
 * controller would take it for dead. Pods are reached at the ports in their annotation `local.cdk8s-kserve.io/ports`;
 * with an `address` those are in the EndpointSlices of Services too, which nobody else may write then.
 *
 * @throws KubeApiError, or IsvcError ISVC_KUBE_UNREACHABLE, when the pods cannot be listed.
 */
export async function startNode({ api, log = silentLog, stopGraceMs, ...options }: NodeOptions): Promise<LocalNode> {
  const informers = new InformerSet(api, log);
  const kubelet = new Kubelet({ api, informers, log, bindBy: 'Binding', ...options });
  const teardown = new Teardown();
  teardown.add(() => informers.stop());
  teardown.add(() => kubelet.stop(stopGraceMs));
  if (options.address !== undefined) {
    const context = { api, informers, clock: systemClock, log };
    const slices = startReconciler(endpointSlicesReconciler(context), context);
    teardown.add(() => slices.stop());
  }
  try {
    await kubelet.start();
    await informers.start();
  } catch (error) {
    await teardown.run();
    throw error;
  }
  return {
    get pids() {
      return kubelet.pids;
    },
    logs: (namespace, pod, container) => kubelet.logs(namespace, pod, container)?.tail().map((line) => line.text),
    stop: () => teardown.run(),
  };
}
