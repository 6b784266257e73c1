import {
  BUILT_IN_RUNTIMES, CONFIG_MAP_NAME, SERVING_RUNTIME_API, isInferenceService, isTrainedModel, parsePlatformConfig, platformConfig, type ClusterStorageContainer, type InferenceService, type KubeObject,
  type PlatformConfig, type Problem, type ServingRuntime, type TrainedModel,
} from '../api';
import { gatewayFacts } from './gateway-facts';
import type { SecretFacts, ServiceAccountFacts, World } from './types';

/** A world of the given parts; without runtimes it has the built-in ones. */
export function worldOf(parts: Partial<World> = {}): World {
  return { ...parts, config: parts.config ?? platformConfig(), runtimes: parts.runtimes ?? BUILT_IN_RUNTIMES };
}

/**
 * The world that a set of manifests describes: its runtimes beside the built-in ones (of the same name, the given one
 * counts), storage containers, service accounts, secrets without their values, services, what its
 * gateway can do, and its ConfigMap `inferenceservice-config`.
 *
 * Accounts, secrets and services count as known only where there are any: a folder without them says nothing of a
 * cluster's.
 */
export function worldFromObjects(objects: readonly KubeObject[]): { readonly world: World; readonly problems: readonly Problem[] } {
  const given = objects.filter(isRuntime);
  const replaced = new Set(given.filter((r) => r.kind === 'ClusterServingRuntime').map((r) => r.metadata.name));
  const runtimes = [...given, ...BUILT_IN_RUNTIMES.filter((r) => !replaced.has(r.metadata.name))];
  const { config, problems } = configFrom(objects);
  const serviceAccounts = objects.filter((o) => isCore(o, 'ServiceAccount')).map(serviceAccountFacts);
  const secrets = objects.filter((o) => isCore(o, 'Secret')).map(secretFacts);
  const services = objects.filter(isInferenceService) as InferenceService[];
  const trainedModels = objects.filter(isTrainedModel) as TrainedModel[];
  const gateway = gatewayFacts(objects, config);
  return {
    world: {
      config,
      runtimes,
      storageContainers: objects.filter(isStorageContainer),
      ...(services.length > 0 ? { services } : {}),
      ...(trainedModels.length > 0 ? { trainedModels } : {}),
      ...(serviceAccounts.length > 0 ? { serviceAccounts } : {}),
      ...(secrets.length > 0 ? { secrets } : {}),
      ...(gateway ? { gateway } : {}),
    },
    problems,
  };
}

function configFrom(objects: readonly KubeObject[]): { readonly config: PlatformConfig; readonly problems: readonly Problem[] } {
  const configMap = objects.find((o) => isCore(o, 'ConfigMap') && o.metadata.name === CONFIG_MAP_NAME);
  return configMap ? parsePlatformConfig((configMap['data'] ?? {}) as Readonly<Record<string, string>>) : { config: platformConfig(), problems: [] };
}

export function isRuntime(object: KubeObject): object is ServingRuntime {
  return object.apiVersion === SERVING_RUNTIME_API && (object.kind === 'ServingRuntime' || object.kind === 'ClusterServingRuntime');
}

export function isStorageContainer(object: KubeObject): object is ClusterStorageContainer {
  return object.apiVersion === SERVING_RUNTIME_API && object.kind === 'ClusterStorageContainer';
}

/** What render may know of a service account. */
export function serviceAccountFacts(object: KubeObject): ServiceAccountFacts {
  const secrets = (object['secrets'] ?? []) as readonly { readonly name?: string }[];
  return { ...placeOf(object), secrets: secrets.flatMap((s) => (s.name ? [s.name] : [])) };
}

/** What render may know of a secret: its keys. The values are not even kept. */
export function secretFacts(object: KubeObject): SecretFacts {
  return { ...placeOf(object), keys: [...new Set([...Object.keys(object['data'] ?? {}), ...Object.keys(object['stringData'] ?? {})])] };
}

function placeOf({ metadata }: KubeObject): Pick<SecretFacts, 'namespace' | 'name' | 'annotations'> {
  return { namespace: metadata.namespace ?? 'default', name: metadata.name, annotations: metadata.annotations ?? {} };
}

function isCore(object: KubeObject, kind: string): boolean {
  return object.apiVersion === 'v1' && object.kind === kind;
}
