import type { KubeObject } from 'cdk8s-kserve/api';
import { cluster, namespace } from './support/each-test';
import { deploymentRef, iris, irisRef, knativeRef, rawChildren } from './support/iris';

interface PodTemplate {
  readonly template: { readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string; readonly env?: readonly { readonly name: string }[] }[] } };
}

function server(deployment: KubeObject): PodTemplate['template']['spec']['containers'][number] {
  const found = (deployment['spec'] as PodTemplate).template.spec.containers.find((c) => c.name === 'kserve-container');
  if (!found) throw new Error('the Deployment has no kserve-container');
  return found;
}

async function created(options: Parameters<typeof iris>[1] = {}): Promise<void> {
  await cluster.controller({ namespaces: [namespace] });
  await cluster.api.create(iris(namespace, options));
  for (const ref of options.mode === 'Serverless' ? [knativeRef(namespace)] : rawChildren(namespace)) {
    await cluster.eventually(ref, 'appears');
  }
}

describe('the children of a service', () => {
  test('appear, controlled by the service', async () => {
    await created();
    const service = await cluster.api.get(irisRef(namespace));
    for (const ref of rawChildren(namespace)) {
      const child = await cluster.api.get(ref);
      expect(child?.metadata.ownerReferences).toEqual([
        { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', name: 'iris', uid: service?.metadata.uid, controller: true, blockOwnerDeletion: true },
      ]);
    }
  });

  test('stay when the service is deleted with --cascade=orphan, while the controller runs', async () => {
    await cluster.routesAreCollected(namespace);
    await created();
    await cluster.api.delete(irisRef(namespace), { propagationPolicy: 'Orphan' });
    await cluster.gone(irisRef(namespace));
    for (const ref of rawChildren(namespace)) {
      const child = await cluster.eventually(ref, 'has lost its owner', (c) => (c.metadata.ownerReferences ?? []).length === 0);
      expect(child.metadata.deletionTimestamp).toBeUndefined();
    }
  });

  test('are repaired after an edit by hand', async () => {
    await created();
    await cluster.api.mergePatch(deploymentRef(namespace), {
      metadata: { labels: { app: 'hijacked' } },
      spec: { template: { spec: { containers: [{ name: 'kserve-container', image: 'evil:1' }] } } },
    });
    const repaired = await cluster.eventually(deploymentRef(namespace), 'is repaired', (d) => server(d).image !== 'evil:1' && d.metadata.labels?.['app'] !== 'hijacked');
    expect(server(repaired).image).toContain('runtime');
  });

  test('keep what other managers add to them', async () => {
    await created();
    await cluster.api.mergePatch(deploymentRef(namespace), {
      metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'x' }, labels: { app: 'hijacked' } },
      spec: { replicas: 3 },
    });
    const repaired = await cluster.eventually(deploymentRef(namespace), 'is repaired', (d) => d.metadata.labels?.['app'] !== 'hijacked');
    expect(repaired.metadata.annotations?.['argocd.argoproj.io/tracking-id']).toBe('x');
    expect((repaired['spec'] as { replicas?: number }).replicas).toBe(3);
  });

  test('come back when they are deleted', async () => {
    await created();
    const before = await cluster.api.get(deploymentRef(namespace));
    await cluster.api.delete(deploymentRef(namespace));
    await cluster.eventually(deploymentRef(namespace), 'comes back', (d) => d.metadata.uid !== before?.metadata.uid);
  });

  test('are found again after their label was removed by hand', async () => {
    await created();
    await cluster.api.mergePatch(deploymentRef(namespace), { metadata: { labels: { 'serving.kserve.io/inferenceservice': null } } });
    await cluster.eventually(deploymentRef(namespace), 'has its label back', (d) => d.metadata.labels?.['serving.kserve.io/inferenceservice'] === 'iris');
  });

  test('lose a field that the service no longer sets', async () => {
    const env = [{ name: 'KEPT', value: '1' }, { name: 'DROPPED', value: '2' }];
    const model = { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/iris', env };
    await created({ predictor: { model } });
    expect(server(await cluster.eventually(deploymentRef(namespace), 'is there')).env?.map((e) => e.name)).toEqual(expect.arrayContaining(['KEPT', 'DROPPED']));
    await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { model: { env: env.slice(0, 1) } } } });
    const after = await cluster.eventually(deploymentRef(namespace), 'has lost the variable', (d) => !server(d).env?.some((e) => e.name === 'DROPPED'));
    expect(server(after).env?.map((e) => e.name)).toContain('KEPT');
  });

  test('lose that field also when the service changed while no controller ran', async () => {
    const model = { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/iris', env: [{ name: 'DROPPED', value: '2' }] };
    await created({ predictor: { model } });
    await cluster.stopControllers();
    await cluster.api.mergePatch(irisRef(namespace), { spec: { predictor: { model: { env: null } } } });
    await cluster.controller({ namespaces: [namespace] });
    await cluster.eventually(deploymentRef(namespace), 'has lost the variable', (d) => !server(d).env?.some((e) => e.name === 'DROPPED'));
  });

  test('go when they are no longer wanted', async () => {
    await created();
    await cluster.api.mergePatch(irisRef(namespace), { metadata: { annotations: { 'serving.kserve.io/autoscalerClass': 'none' } } });
    await cluster.gone({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'iris-predictor', namespace });
    expect(await cluster.api.get(deploymentRef(namespace))).toBeDefined();
  });

  test('are replaced by those of the other mode', async () => {
    await created();
    await cluster.api.mergePatch(irisRef(namespace), { metadata: { annotations: { 'serving.kserve.io/deploymentMode': 'Serverless' } } });
    await cluster.eventually(knativeRef(namespace), 'appears');
    for (const ref of rawChildren(namespace)) {
      await cluster.gone(ref);
    }
  });

  test('go with the service, also while no controller runs', async () => {
    await created();
    await cluster.stopControllers();
    await cluster.api.delete(irisRef(namespace));
    await cluster.gone(irisRef(namespace));
    for (const ref of rawChildren(namespace)) {
      await cluster.gone(ref);
    }
  });

  test('follow a service that is deleted and made again at once', async () => {
    await created();
    const before = await cluster.api.get(irisRef(namespace));
    await cluster.api.delete(irisRef(namespace));
    await cluster.gone(irisRef(namespace));
    const again = await cluster.api.create(iris(namespace));
    expect(again.metadata.uid).not.toBe(before?.metadata.uid);
    for (const ref of rawChildren(namespace)) {
      await cluster.eventually(ref, 'belongs to the new one', (c) => c.metadata.ownerReferences?.[0]?.uid === again.metadata.uid);
    }
  });

  test('are left alone in namespaces that the controller does not look after', async () => {
    const other = await cluster.namespace();
    await cluster.api.create(iris(other));
    await created();
    for (const ref of rawChildren(other)) {
      expect(await cluster.api.get(ref)).toBeUndefined();
    }
  });
});
