import type { KubeObject } from 'cdk8s-kserve/api';
import { clusterObjects } from '../../src/run/cluster-objects';

const service: KubeObject = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'models' }, spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://a/b' } } } };
const config = (ingress: object): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace: 'kserve' }, data: { ingress: JSON.stringify(ingress) } });
const gateway = (name: string): KubeObject => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name, namespace: 'edge' }, spec: { gatewayClassName: 'mine', listeners: [] } });

test.each<[string, readonly KubeObject[], readonly string[]]>([
  ['nothing', [], ['Namespace kserve', 'Gateway kserve/kserve-ingress-gateway local']],
  ['a service', [service], ['Namespace models', 'Namespace kserve', 'Gateway kserve/kserve-ingress-gateway local', 'InferenceService models/iris']],
  ['a platform config that names another', [config({ kserveIngressGateway: 'edge/public' }), service], ['Namespace kserve', 'Namespace models', 'Namespace edge', 'Gateway edge/public local', 'InferenceService models/iris']],
  ['that gateway itself', [config({ kserveIngressGateway: 'edge/public' }), gateway('public')], ['Namespace kserve', 'Namespace edge', 'Gateway edge/public mine']],
])('beside %s there are namespaces and the gateway of the platform', (_what, objects, expected) => {
  const said = clusterObjects(objects)
    .filter(({ kind }) => ['Namespace', 'Gateway', 'InferenceService'].includes(kind))
    .map(({ kind, metadata, ...rest }) => [kind, [metadata.namespace, metadata.name].filter(Boolean).join('/'), (rest['spec'] as { gatewayClassName?: string } | undefined)?.gatewayClassName].filter(Boolean).join(' '));
  expect(said).toEqual(expected);
});
