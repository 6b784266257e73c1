import { BUILT_IN_RUNTIMES, type KubeObject } from 'cdk8s-kserve/api';
import { worldFromObjects } from 'cdk8s-kserve/render';
import { localGateway } from 'cdk8s-kserve-local';

/**
 * The user's objects with what a platform would have beside them: their namespaces, the built-in runtimes and the gateway that the
 * platform config names, as far as the user brings none of the same name. Without the gateway a service would not be ready at first.
 */
export function clusterObjects(objects: readonly KubeObject[]): readonly KubeObject[] {
  const own = new Set(objects.map((o) => `${o.kind}/${o.metadata.name}`));
  const [gatewayNamespace = '', gatewayName = ''] = worldFromObjects(objects).world.config.ingress.kserveIngressGateway.split('/');
  const [gateway] = localGateway(gatewayNamespace, gatewayName).filter((o) => o.kind === 'Gateway' && gatewayName !== '' && !own.has(`Gateway/${gatewayName}`));
  const namespaces = [...new Set([...objects, ...(gateway ? [gateway] : [])].flatMap((o) => o.metadata.namespace ?? []))]
    .filter((name) => !own.has(`Namespace/${name}`))
    .map((name): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const runtimes = BUILT_IN_RUNTIMES.filter((r) => !own.has(`${r.kind}/${r.metadata.name}`));
  // Namespaces first, services last: each is admitted only when what it needs is there.
  const isService = (o: KubeObject): boolean => o.kind === 'InferenceService';
  return [...namespaces, ...objects.filter((o) => o.kind === 'Namespace'), ...(gateway ? [gateway] : []), ...runtimes, ...objects.filter((o) => o.kind !== 'Namespace' && !isService(o)), ...objects.filter(isService)];
}
