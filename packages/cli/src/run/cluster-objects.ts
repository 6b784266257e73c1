import { BUILT_IN_RUNTIMES, type KubeObject } from 'cdk8s-kserve/api';

/**
 * The user's objects with what a platform would have beside them: their namespaces and the built-in runtimes, as far
 * as the user brings none of the same name.
 */
export function clusterObjects(objects: readonly KubeObject[]): readonly KubeObject[] {
  const own = new Set(objects.map((o) => `${o.kind}/${o.metadata.name}`));
  const namespaces = [...new Set(objects.flatMap((o) => o.metadata.namespace ?? []))]
    .filter((name) => !own.has(`Namespace/${name}`))
    .map((name): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const runtimes = BUILT_IN_RUNTIMES.filter((r) => !own.has(`${r.kind}/${r.metadata.name}`));
  // Namespaces first, services last: each is admitted only when what it needs is there.
  const isService = (o: KubeObject): boolean => o.kind === 'InferenceService';
  return [...namespaces, ...objects.filter((o) => o.kind === 'Namespace'), ...runtimes, ...objects.filter((o) => o.kind !== 'Namespace' && !isService(o)), ...objects.filter(isService)];
}
