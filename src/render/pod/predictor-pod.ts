import {
  CONTAINER, IsvcError, TerminalError, type Container, type InferenceService, type ModelSpec, type PodFields, type PodSpec, type PredictorSpec,
  type ServingRuntime,
} from '../../api';
import { selectRuntime } from '../select-runtime';
import { expandDeep } from '../template';
import type { Decision, World } from '../types';
import { withVersion } from './image';
import { mergeContainer, mergeKeyed, mergePodFields } from './merge';
import { podFieldsOf } from './pod-fields';
import { addModelStorage } from './storage';

export interface PredictorPod {
  readonly pod: PodSpec;
  readonly runtime?: ServingRuntime;
  readonly decisions: readonly Decision[];
}

/** The pod of a predictor: its runtime's container and pod fields, overlaid with the service's, and the model mounted. */
export function predictorPod(service: InferenceService, world: World): PredictorPod {
  const { predictor } = service.spec;
  const built = predictor.model ? modelPod(service, predictor, predictor.model, world) : customPod(predictor);
  const named: PodSpec = { ...built.pod, containers: built.pod.containers.map((c) => withServiceName(c, service.metadata.name)) };
  const quiet: PodSpec = {
    // Hundreds of services in a namespace would put thousands of variables into every model server.
    enableServiceLinks: false,
    ...(world.config.security.autoMountServiceAccountToken ? {} : { automountServiceAccountToken: false }),
    ...named,
  };
  const uri = predictor.model?.storageUri;
  if (!uri) return { ...built, pod: quiet };
  const { pod, decision } = addModelStorage(quiet, uri, { ...service.metadata.annotations, ...predictor.annotations }, world.config);
  return { ...built, pod, decisions: [...built.decisions, decision] };
}

function modelPod(service: InferenceService, predictor: PredictorSpec, model: ModelSpec, world: World): PredictorPod {
  const { runtime, decision } = selectRuntime(model, service.metadata.namespace ?? 'default', world.runtimes);
  const base = runtime.spec.containers.find((c) => c.name === CONTAINER.server);
  if (!base) {
    throw new TerminalError('ISVC_RENDER_INVALID_RUNTIME', `${runtime.kind} ${runtime.metadata.name} has no container called ${CONTAINER.server}`, { hint: 'add it to the runtime' });
  }
  const { modelFormat: _format, runtime: _runtime, storageUri: _uri, storage: _storage, protocolVersion: _protocol, confidential: _confidential, runtimeVersion, ...overlay } = model;
  const merged = mergeContainer(base, overlay);
  const versioned = runtimeVersion && merged.image ? { ...merged, image: withVersion(merged.image, runtimeVersion) } : merged;
  const own = predictor.containers ?? [];
  const server = expandPlaceholders(versioned, service, runtime);
  const others = mergeKeyed(runtime.spec.containers.filter((c) => c !== base), own, (c) => c.name) ?? [];
  return {
    pod: { ...mergePodFields(runtimePodFields(runtime), podFieldsOf(predictor)), containers: [server, ...others] },
    runtime,
    decisions: [decision],
  };
}

/** A predictor that is its own containers; the model server comes first. */
function customPod(predictor: PredictorSpec): PredictorPod {
  const containers = predictor.containers ?? [];
  const server = containers.find((c) => c.name === CONTAINER.server);
  if (!server) throw new TerminalError('ISVC_API_EXACTLY_ONE', 'says no model: exactly one of model, containers or a format name is needed', { path: 'spec.predictor' });
  return {
    pod: { ...podFieldsOf(predictor), containers: [server, ...containers.filter((c) => c !== server)] },
    decisions: [{ topic: 'runtime', choice: 'custom container', because: 'the predictor brings its own container' }],
  };
}

function runtimePodFields(runtime: ServingRuntime): PodFields {
  return podFieldsOf(runtime.spec as PodFields);
}

function expandPlaceholders(container: Container, service: InferenceService, runtime: ServingRuntime): Container {
  const { name, namespace = 'default', labels = {}, annotations = {} } = service.metadata;
  try {
    return expandDeep(container, { Name: name, Namespace: namespace, Labels: labels, Annotations: annotations });
  } catch (error) {
    if (!(error instanceof IsvcError)) throw error;
    throw new TerminalError(error.code, `container ${container.name} of ${runtime.kind} ${runtime.metadata.name}: ${error.message}`, { hint: error.hint });
  }
}

function withServiceName(container: Container, name: string): Container {
  const env = (container.env ?? []).filter((e) => e.name !== 'INFERENCE_SERVICE_NAME');
  return { ...container, env: [...env, { name: 'INFERENCE_SERVICE_NAME', value: name }] };
}
