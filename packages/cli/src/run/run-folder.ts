import { rm, writeFile } from 'node:fs/promises';
import {
  FIELD_MANAGER, INFERENCE_SERVICE_API, IsvcError, customResourceDefinitions, isInferenceService, objectKey, type InferenceService, type KubeObject,
} from 'cdk8s-kserve/api';
import { Informer, startController, type KubeApi, type RunningController } from 'cdk8s-kserve-controller';
import { startLocalCluster, type LocalCluster } from 'cdk8s-kserve-local';
import type { LocatedProblem } from '../manifests/manifest';
import { checkManifests } from '../manifests/check-manifests';
import { loadFolder } from '../manifests/load-folder';
import { firstService, modelFeatures } from './curl-line';
import { allReady, failedServices } from './readiness';
import { clusterObjects } from './cluster-objects';

export interface RunOptions {
  /** @default - nothing: an empty cluster, for whoever holds its kubeconfig */
  readonly folder?: string;
  readonly port: number;
  readonly domain?: string;
  readonly sourceMap: Readonly<Record<string, string>>;
  readonly kubeconfigOut?: string;
  /** Stay up although a service cannot become ready. */
  readonly keepGoing: boolean;
  /** Ends the run; everything that was started is stopped. */
  readonly signal: AbortSignal;
}

/** What happens during a run, for whoever shows it. */
export type RunEvent =
  | { readonly event: 'loaded'; readonly objects: number; readonly files: number; readonly services: number }
  | { readonly event: 'problem'; readonly problem: LocatedProblem }
  | { readonly event: 'started'; readonly gateway: string; readonly apiServer: string }
  | { readonly event: 'status'; readonly services: readonly InferenceService[] }
  | { readonly event: 'ready'; readonly services: readonly InferenceService[]; readonly gateway: string; readonly milliseconds: number; readonly features?: number }
  | { readonly event: 'failed'; readonly service: string; readonly message: string }
  | { readonly event: 'log'; readonly source: string; readonly line: string }
  | { readonly event: 'stopped' };

/** How a run ended. */
export type RunResult = 'stopped' | 'interrupted' | 'invalid' | 'failed';

/**
 * Serves a folder of manifests, and what is applied later, on this machine until the signal aborts. Whatever way it ends, no process and no
 * temporary file is left.
 */
export async function runFolder(options: RunOptions, emit: (event: RunEvent) => void): Promise<RunResult> {
  const begun = performance.now();
  const objects = options.folder === undefined ? clusterObjects([]) : await checkedObjects(options.folder, emit);
  if (!objects) return 'invalid';
  const { signal } = options;
  if (signal.aborted) return 'interrupted';
  let cluster: LocalCluster | undefined;
  try {
    cluster = await startLocalCluster({
      port: options.port,
      sourceMap: options.sourceMap,
      ...(options.domain === undefined ? {} : { domain: options.domain }),
      signal,
      controller: startOurController,
      onLog: ({ namespace, pod, container, text }) => emit({ event: 'log', source: `${namespace}/${pod}/${container}`, line: text }),
    });
    // It holds a token, so nobody else on this machine may read it.
    if (options.kubeconfigOut) await writeFile(options.kubeconfigOut, cluster.kubeconfig, { mode: 0o600 });
    emit({ event: 'started', gateway: cluster.gatewayUrl, apiServer: cluster.url });
    await cluster.apply(objects);
    return await watchServices(cluster, objects.filter(isInferenceService).map((o) => objectKey(withNamespace(o).metadata)), options, begun, emit);
  } catch (error) {
    if (signal.aborted) return 'interrupted';
    throw error;
  } finally {
    await cluster?.stop();
    // A kubeconfig of a cluster that is gone would only puzzle.
    if (cluster && options.kubeconfigOut) await rm(options.kubeconfigOut, { force: true });
    emit({ event: 'stopped' });
  }
}

/** The controller as it is in a cluster, once the kinds that it looks for are there. */
async function startOurController(api: KubeApi): Promise<RunningController> {
  for (const crd of customResourceDefinitions()) await api.apply(crd, { fieldManager: FIELD_MANAGER });
  return startController({ api });
}

async function checkedObjects(folder: string, emit: (event: RunEvent) => void): Promise<readonly KubeObject[] | undefined> {
  const loaded = await loadFolder(folder);
  const problems = [...loaded.problems, ...checkManifests(loaded.manifests)];
  for (const problem of problems) emit({ event: 'problem', problem });
  if (problems.some((p) => p.severity === 'error')) return undefined;
  const objects = loaded.manifests.map((m) => withNamespace(m.object));
  const services = objects.filter(isInferenceService).length;
  if (services === 0) {
    throw new IsvcError('ISVC_CLI_NO_MANIFESTS', `${folder} holds ${objects.length} objects but no InferenceService`, { hint: 'name the folder that "cdk8s synth" writes to, usually dist' });
  }
  emit({ event: 'loaded', objects: objects.length, files: loaded.files, services });
  return clusterObjects(objects);
}

/** Follows the services until the signal aborts, or until one has failed before all were ready. */
async function watchServices(cluster: LocalCluster, keys: readonly string[], options: RunOptions, begun: number, emit: (event: RunEvent) => void): Promise<RunResult> {
  const resource = await cluster.api.discover(INFERENCE_SERVICE_API, 'InferenceService');
  if (!resource) throw new IsvcError('ISVC_KUBE_REQUEST', 'the embedded API server does not serve InferenceService');
  const informer = new Informer({ api: cluster.api, resource });
  let readyOnce = false;
  try {
    return await new Promise<RunResult>((resolve) => {
      const told = new Set<string>();
      const look = (): void => {
        const services = informer.list() as unknown as readonly InferenceService[];
        emit({ event: 'status', services });
        for (const failed of failedServices(services)) {
          if (told.has(`${failed.service} ${failed.message}`)) continue;
          told.add(`${failed.service} ${failed.message}`);
          emit({ event: 'failed', ...failed });
          if (!options.keepGoing && !readyOnce) resolve('failed');
        }
        if (!readyOnce && allReady(services.filter((s) => keys.includes(objectKey(s.metadata))), keys.length)) {
          readyOnce = true;
          const milliseconds = performance.now() - begun;
          void modelFeatures(firstService(services), cluster.gatewayUrl).then((features) => {
            if (!options.signal.aborted) emit({ event: 'ready', services, gateway: cluster.gatewayUrl, milliseconds, ...(features === undefined ? {} : { features }) });
          });
        }
      };
      informer.onChange(look);
      informer.start();
      // Nothing to wait for, and no change that would tell.
      if (keys.length === 0) look();
      const stop = (): void => resolve(readyOnce ? 'stopped' : 'interrupted');
      if (options.signal.aborted) stop();
      else options.signal.addEventListener('abort', stop, { once: true });
    });
  } finally {
    await informer.stop();
  }
}

function withNamespace(object: KubeObject): KubeObject {
  const clusterScoped = object.kind === 'ClusterServingRuntime' || object.kind === 'Namespace' || object.kind === 'CustomResourceDefinition';
  return clusterScoped || object.metadata.namespace ? object : { ...object, metadata: { ...object.metadata, namespace: 'default' } };
}
