import {
  CONTAINER, IsvcError, TerminalError, type Container, type InferenceService, type ModelSpec, type PodFields, type PodSpec, type PredictorSpec,
  type ServingRuntime, type StringMap,
} from '../../api';
import { selectRuntime } from '../select-runtime';
import { serverTypeOf, withServerDefaults } from '../server-defaults';
import { addStorage, takeStorageEnv } from '../storage/add-storage';
import { expandDeep } from '../template';
import type { Decision, World } from '../types';
import { serverImage } from './image';
import { mergeContainer, mergePodFields } from './merge';
import { withPodDefaults, withServiceName } from './pod-defaults';
import { podFieldsOf } from './pod-fields';

export interface PredictorPod {
  readonly pod: PodSpec;
  readonly runtime?: ServingRuntime;
  /** Labels that the runtime's family of servers adds to the service's objects. */
  readonly labels: StringMap;
  readonly decisions: readonly Decision[];
}

/** The pod of a predictor: its runtime's container and pod fields, overlaid with the service's, and the model mounted. */
export function predictorPod(service: InferenceService, world: World, path = 'spec.predictor'): PredictorPod {
  const { predictor } = service.spec;
  const built = predictor.model ? modelPod(service, predictor, predictor.model, world) : customPod(predictor);
  const named: PodSpec = { ...built.pod, containers: built.pod.containers.map((c) => withServiceName(c, service.metadata.name)) };
  const { storageUri, storage, confidential } = predictor.model ?? {};
  // A model that has an address of its own does not read the variable.
  const taken = storageUri || storage ? { pod: named, uri: undefined } : takeStorageEnv(named);
  const { pod, decisions } = addStorage(
    withPodDefaults(taken.pod, world.config),
    { path: predictor.model ? `${path}.model` : path, uri: storageUri ?? taken.uri, uris: predictor.storageUris, spec: storage, containerName: predictor.storageContainerName, confidential },
    { namespace: service.metadata.namespace ?? 'default', annotations: { ...service.metadata.annotations, ...predictor.annotations }, world },
  );
  return { ...built, pod, decisions: [...built.decisions, ...decisions] };
}

function modelPod(service: InferenceService, predictor: PredictorSpec, asked: ModelSpec, world: World): PredictorPod {
  const { runtime, decision } = selectRuntime(asked, service.metadata.namespace ?? 'default', world.runtimes, predictor.workerSpec !== undefined);
  const base = runtime.spec.containers.find((c) => c.name === CONTAINER.server);
  if (!base) {
    throw new TerminalError('ISVC_RENDER_INVALID_RUNTIME', `${runtime.kind} ${runtime.metadata.name} has no container called ${CONTAINER.server}`, { hint: 'add it to the runtime' });
  }
  const hasStorage = asked.storageUri !== undefined || asked.storage !== undefined || predictor.storageUris !== undefined;
  const { model, labels } = withServerDefaults(service, asked, hasStorage, runtime);
  const { modelFormat: _format, runtime: _runtime, storageUri: _uri, storage: _storage, protocolVersion: _protocol, confidential: _confidential, runtimeVersion, ...overlay } = model;
  const merged = mergeContainer(base, overlay);
  const image = merged.image ? serverImage(merged.image, { runtimeVersion, serverType: serverTypeOf(runtime), resources: merged.resources }) : undefined;
  const expand = (container: Container): Container => expandPlaceholders(container, service, labels, runtime);
  const server = expand({ ...merged, ...(image ? { image } : {}) });
  const own = predictor.containers ?? [];
  return {
    pod: {
      ...mergePodFields(podFieldsOf(runtime.spec as PodFields), podFieldsOf(predictor)),
      containers: [server, ...otherContainers(runtime.spec.containers.filter((c) => c !== base), own, expand)],
    },
    runtime,
    labels,
    decisions: [decision],
  };
}

/** Containers beside the server: the collocated transformer first, then the runtime's, then the service's own. */
function otherContainers(runtime: readonly Container[], own: readonly Container[], expand: (container: Container) => Container): readonly Container[] {
  const merged = runtime.map((base) => {
    const overlay = own.find((c) => c.name === base.name);
    return overlay ? mergeContainer(base, overlay) : base;
  });
  const added = own.filter((c) => !runtime.some((base) => base.name === c.name));
  const isTransformer = (c: Container): boolean => c.name === CONTAINER.transformer;
  const transformer = [...merged, ...added].filter(isTransformer).map(expand);
  return [...transformer, ...merged.filter((c) => !isTransformer(c)), ...added.filter((c) => !isTransformer(c))];
}

/** A predictor that is its own containers; the model server comes first. */
function customPod(predictor: PredictorSpec): PredictorPod {
  const containers = predictor.containers ?? [];
  const server = containers.find((c) => c.name === CONTAINER.server);
  if (!server) throw new TerminalError('ISVC_API_EXACTLY_ONE', 'says no model: exactly one of model, containers or a format name is needed', { path: 'spec.predictor' });
  return {
    pod: { ...podFieldsOf(predictor), containers: [server, ...containers.filter((c) => c !== server)] },
    labels: {},
    decisions: [{ topic: 'runtime', choice: 'custom container', because: 'the predictor brings its own container' }],
  };
}

function expandPlaceholders(container: Container, service: InferenceService, added: StringMap, runtime: ServingRuntime): Container {
  const { name, namespace = 'default', labels = {}, annotations = {} } = service.metadata;
  const format = service.spec.predictor.model?.modelFormat.name;
  // KServe's defaulter records the format in an annotation, and runtimes read it there.
  const known = { ...(format ? { modelFormat: format } : {}), ...annotations };
  try {
    return expandDeep(container, { Name: name, Namespace: namespace, Labels: { ...labels, ...added }, Annotations: known });
  } catch (error) {
    if (!(error instanceof IsvcError)) throw error;
    throw new TerminalError(error.code, `container ${container.name} of ${runtime.kind} ${runtime.metadata.name}: ${error.message}`, { hint: error.hint });
  }
}
