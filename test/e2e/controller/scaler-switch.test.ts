import { ANNOTATION, type ObjectRef } from 'cdk8s-kserve/api';
import { cluster, namespace } from './support/each-test';
import { deploymentRef, iris, irisRef } from './support/iris';
import { SCALED_OBJECT_CRD } from './support/optional-crds';
import { until } from '../../support/until';

beforeAll(() => cluster.install([SCALED_OBJECT_CRD]));

const hpaRef = (): ObjectRef => ({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'iris-predictor', namespace });
const scaledObjectRef = (): ObjectRef => ({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'iris-predictor', namespace });
const scaleWith = (autoscaler: string): Promise<unknown> => cluster.api.mergePatch(irisRef(namespace), { metadata: { annotations: { [ANNOTATION.autoscalerClass]: autoscaler } } });

test('a Deployment never has two autoscalers: the old one is gone before the new one comes', async () => {
  const { api } = await cluster.controller({ namespaces: [namespace] });
  await cluster.api.create(iris(namespace));
  await cluster.eventually(hpaRef(), 'appears');
  await scaleWith('keda');
  await cluster.eventually(scaledObjectRef(), 'appears');
  await cluster.gone(hpaRef());
  expect(api.writes.filter((write) => /HorizontalPodAutoscaler|ScaledObject/.test(write))).toEqual([
    'apply HorizontalPodAutoscaler iris-predictor', 'delete HorizontalPodAutoscaler iris-predictor', 'apply ScaledObject iris-predictor',
  ]);
});

test('an HPA waits for KEDA to let go, and wakes a Deployment that KEDA left at zero', async () => {
  const { api, controller } = await cluster.controller({ namespaces: [namespace] });
  await cluster.api.create(iris(namespace, { annotations: { [ANNOTATION.autoscalerClass]: 'keda' }, predictor: { minReplicas: 0, maxReplicas: 2 } }));
  await cluster.eventually(scaledObjectRef(), 'appears');
  await cluster.api.mergePatch(scaledObjectRef(), { metadata: { finalizers: ['finalizer.keda.sh'] } });
  await cluster.api.mergePatch(deploymentRef(namespace), { spec: { replicas: 0 } });
  await scaleWith('hpa');
  await cluster.eventually(scaledObjectRef(), 'is on its way out', (s) => s.metadata.deletionTimestamp !== undefined);
  await cluster.quiet(controller, api);
  expect(await cluster.api.get(hpaRef())).toBeUndefined();

  await until('KEDA has let go', async () => {
    const live = await cluster.api.get(scaledObjectRef());
    if (!live) return true;
    await cluster.api.mergePatch(scaledObjectRef(), { metadata: { finalizers: (live.metadata.finalizers ?? []).filter((f) => f !== 'finalizer.keda.sh') } });
    return false;
  });
  await cluster.eventually(hpaRef(), 'appears');
  await cluster.eventually(deploymentRef(namespace), 'has a pod again', (d) => (d['spec'] as { readonly replicas?: number }).replicas === 1);
});
