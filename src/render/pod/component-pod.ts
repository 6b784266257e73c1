import { CONTAINER, TerminalError, type Container, type ExplainerSpec, type InferenceService, type PodSpec, type TransformerSpec } from '../../api';
import { addStorage, takeStorageEnv } from '../storage/add-storage';
import type { Decision, World } from '../types';
import { wireComponent, type Wiring } from './component-args';
import { withPodDefaults, withServiceName } from './pod-defaults';
import { podFieldsOf } from './pod-fields';

export interface ComponentPod {
  readonly pod: PodSpec;
  readonly decisions: readonly Decision[];
}

type Asks = Omit<Wiring, 'extension'>;

/** The pod of a transformer: its own container, told whom it serves. */
export function transformerPod(service: InferenceService, transformer: TransformerSpec, asks: Asks, world: World): ComponentPod {
  const [first, ...others] = transformer.containers ?? [];
  if (!first) throw new TerminalError('ISVC_API_EXACTLY_ONE', 'says no container', { path: 'spec.transformer' });
  const args = wireComponent(first.args ?? [], { ...asks, extension: transformer });
  return finishPod(service, transformer, [withServiceName({ ...first, args }, service.metadata.name), ...others], 'spec.transformer', world);
}

/** The pod of an explainer: its own container, or the Adversarial Robustness Toolbox. */
export function explainerPod(service: InferenceService, explainer: ExplainerSpec, asks: Asks, world: World): ComponentPod {
  const [first, ...others] = explainer.containers ?? [];
  const container = first ? { ...first, args: wireComponent(first.args ?? [], { ...asks, extension: explainer }) } : artContainer(explainer, asks, world);
  return finishPod(service, explainer, [withServiceName(container, service.metadata.name), ...others], 'spec.explainer', world);
}

function finishPod(service: InferenceService, spec: TransformerSpec, containers: readonly Container[], path: string, world: World): ComponentPod {
  const taken = takeStorageEnv({ ...podFieldsOf(spec), containers });
  return addStorage(withPodDefaults(taken.pod, world.config), { path, uri: artStorageUri(spec) ?? taken.uri, uris: spec.storageUris }, {
    namespace: service.metadata.namespace ?? 'default', annotations: { ...service.metadata.annotations, ...spec.annotations }, world,
  });
}

function artStorageUri(spec: ExplainerSpec): string | undefined {
  return spec.art?.storageUri;
}

function artContainer(explainer: ExplainerSpec, asks: Asks, world: World): Container {
  const { art } = explainer;
  if (!art) throw new TerminalError('ISVC_API_EXACTLY_ONE', 'says no explainer: exactly one of art or containers is needed', { path: 'spec.explainer' });
  const { type, storageUri, runtimeVersion, config = {}, storage: _storage, args = [], image, ...container } = art;
  const { image: repository, defaultImageVersion } = world.config.explainers.art;
  const { cpuLimit, memoryLimit, cpuRequest, memoryRequest } = world.config.inferenceService.resource;
  const defined = <T extends object>(amounts: T): T => Object.fromEntries(Object.entries(amounts).filter(([, v]) => v !== undefined && v !== '')) as T;
  const options = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([key, value]) => [`--${key}`, value]);
  const wired = wireComponent([], { ...asks, extension: explainer });
  return {
    ...container,
    name: CONTAINER.server,
    image: image ?? `${repository}:${runtimeVersion ?? defaultImageVersion}`,
    // KServe differs: arguments of the user stand once; upstream appends them twice.
    args: [...wired, ...(storageUri ? ['--storage_uri', '/mnt/models'] : []), '--adversary_type', type, ...options, ...args],
    resources: {
      ...container.resources,
      limits: { ...defined({ cpu: cpuLimit, memory: memoryLimit }), ...container.resources?.limits } as Record<string, string>,
      requests: { ...defined({ cpu: cpuRequest, memory: memoryRequest }), ...container.resources?.requests } as Record<string, string>,
    },
  };
}
