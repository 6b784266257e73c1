import { BUILT_IN_RUNTIMES, CONFIG_MAP_NAME, SERVING_RUNTIME_API, parsePlatformConfig, platformConfig, type KubeObject, type PlatformConfig, type Problem, type ServingRuntime } from '../api';
import type { World } from './types';

/** A world of the given parts; without runtimes it has the built-in ones. */
export function worldOf(parts: Partial<World> = {}): World {
  return { config: parts.config ?? platformConfig(), runtimes: parts.runtimes ?? BUILT_IN_RUNTIMES, ...(parts.apis ? { apis: parts.apis } : {}) };
}

/**
 * The world that a set of manifests describes: its runtimes beside the built-in ones (of the same name, the given one
 * counts) and its ConfigMap `inferenceservice-config`.
 */
export function worldFromObjects(objects: readonly KubeObject[]): { readonly world: World; readonly problems: readonly Problem[] } {
  const given = objects.filter(isRuntime);
  const replaced = new Set(given.filter((r) => r.kind === 'ClusterServingRuntime').map((r) => r.metadata.name));
  const runtimes = [...given, ...BUILT_IN_RUNTIMES.filter((r) => !replaced.has(r.metadata.name))];
  const { config, problems } = configFrom(objects);
  return { world: { config, runtimes }, problems };
}

function configFrom(objects: readonly KubeObject[]): { readonly config: PlatformConfig; readonly problems: readonly Problem[] } {
  const configMap = objects.find((o) => o.apiVersion === 'v1' && o.kind === 'ConfigMap' && o.metadata.name === CONFIG_MAP_NAME);
  return configMap ? parsePlatformConfig((configMap['data'] ?? {}) as Readonly<Record<string, string>>) : { config: platformConfig(), problems: [] };
}

export function isRuntime(object: KubeObject): object is ServingRuntime {
  return object.apiVersion === SERVING_RUNTIME_API && (object.kind === 'ServingRuntime' || object.kind === 'ClusterServingRuntime');
}
