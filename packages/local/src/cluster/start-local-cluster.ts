import { HttpKubeApi, type KubeApi } from 'cdk8s-kserve-controller';
import type { KubeObject } from 'cdk8s-kserve/api';
import { kubeconfigFor, startApiServer } from '../apiserver/api-server';
import { applyObjects } from './apply-objects';
import { podAccess } from './pod-access';
import { startMachinery, type MachineryOptions } from './start-machinery';
import { Teardown } from './teardown';

export interface LocalClusterOptions extends MachineryOptions {
  /** Port of the API server. @default - a free one */
  readonly apiPort?: number;
  /**
   * Starts what turns serving resources into children, against this cluster; stopped with it. `false` is a cluster
   * that knows Kubernetes and Knative kinds only. @default false
   */
  readonly controller?: ((api: KubeApi) => StartedController | Promise<StartedController>) | false;
  /** Gives the start up, and undoes what was started. */
  readonly signal?: AbortSignal;
}

export interface StartedController {
  stop(): Promise<void> | void;
}

/** A cluster in this process, whose pods are processes of this machine. */
export interface LocalCluster {
  /** `http://127.0.0.1:PORT` of the API server. */
  readonly url: string;
  readonly gatewayPort: number;
  /** `http://127.0.0.1:PORT` of the gateway; services answer there by Host header. */
  readonly gatewayUrl: string;
  /** With which kubectl talks to it, as YAML text. */
  readonly kubeconfig: string;
  readonly api: KubeApi;
  /** Process ids of all containers that run now. */
  readonly pids: readonly number[];
  /** Server-side apply; namespaced objects without a namespace go to `default`. @throws KubeApiError */
  apply(objects: readonly KubeObject[]): Promise<readonly KubeObject[]>;
  /** Lines that a container has written; undefined for a container that is not known. */
  logs(namespace: string, pod: string, container: string): readonly string[] | undefined;
  /** Leaves no process, no socket and no file behind. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/**
 * Starts a cluster in this process: API server, kubelet, workload controllers, Knative and a gateway.
 *
 * @throws IsvcError ISVC_LOCAL_PORT_IN_USE; the signal's reason when it aborts.
 *
 * @example
 * const cluster = await startLocalCluster({ sourceMap: { 'pvc://models': '/abs/models' } });
 * await cluster.apply(objects);
 * const answer = await fetch(`${cluster.gatewayUrl}/v1/models/iris`, { headers: { host: 'iris-default.example.com' } });
 * await cluster.stop();
 */
export async function startLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const teardown = new Teardown();
  try {
    return await startParts(options, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function startParts(options: LocalClusterOptions, teardown: Teardown): Promise<LocalCluster> {
  const { signal } = options;
  signal?.throwIfAborted();
  const server = await startApiServer(options.apiPort === undefined ? {} : { port: options.apiPort });
  teardown.add(() => server.close());
  const api = new HttpKubeApi({ url: server.url, token: server.token });
  teardown.add(() => api.close());
  signal?.throwIfAborted();
  const { kubelet, gatewayPort } = await startMachinery(api, options, teardown);
  server.setPodAccess(podAccess({ find: (namespace, pod, container) => kubelet.logs(namespace, pod, container), now: () => Date.now() }));
  signal?.throwIfAborted();
  if (options.controller) {
    const controller = await options.controller(api);
    teardown.add(() => controller.stop());
  }
  signal?.throwIfAborted();
  return {
    url: server.url,
    gatewayPort,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    kubeconfig: kubeconfigFor(server),
    api,
    get pids() {
      return kubelet.pids;
    },
    apply: (objects) => applyObjects(api, objects),
    logs: (namespace, pod, container) => kubelet.logs(namespace, pod, container)?.tail().map((line) => line.text),
    stop: () => teardown.run(),
  };
}
