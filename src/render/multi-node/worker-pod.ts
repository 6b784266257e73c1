import { CONTAINER, TerminalError, type Container, type InferenceService, type PodSpec, type ServingRuntime, type WorkerSpec } from '../../api';
import { mergeContainer, mergePodFields } from '../pod/merge';
import { withPodDefaults, withServiceName } from '../pod/pod-defaults';
import { podFieldsOf } from '../pod/pod-fields';
import { addStorage } from '../storage/add-storage';
import type { World } from '../types';

/** The pod of a worker node: the runtime's worker container overlaid with the service's, reading the same model. */
export function workerPod(service: InferenceService, runtime: ServingRuntime, worker: WorkerSpec, world: World): PodSpec {
  const base = runtime.spec.workerSpec;
  const [container] = base?.containers ?? [];
  if (!base || !container) {
    throw new TerminalError('ISVC_RENDER_MULTI_NODE', `${runtime.kind} ${runtime.metadata.name} has no worker container, so it serves on one node only`, {
      path: 'spec.predictor.workerSpec', hint: 'name a runtime with workerSpec, or remove workerSpec',
    });
  }
  const [own] = worker.containers ?? [];
  const merged: Container = { ...(own ? mergeContainer(container, own) : container), name: CONTAINER.worker };
  const pod: PodSpec = { ...mergePodFields(podFieldsOf(base), podFieldsOf(worker)), containers: [withServiceName(merged, service.metadata.name)] };
  const { predictor } = service.spec;
  return addStorage(
    withPodDefaults(pod, world.config),
    { path: 'spec.predictor.model', uri: predictor.model?.storageUri, uris: predictor.storageUris, containerName: predictor.storageContainerName },
    { namespace: service.metadata.namespace ?? 'default', annotations: { ...service.metadata.annotations, ...predictor.annotations }, world },
  ).pod;
}
