import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { KubeApiError } from 'cdk8s-kserve-controller';
import { cluster, namespace } from './support/each-test';
import { condition, deploymentRef, iris, irisRef } from './support/iris';

const FROM_BUCKET = { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/iris' }, serviceAccountName: 'trainer' } };

function account(secrets: readonly string[]): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'trainer', namespace }, secrets: secrets.map((name) => ({ name })) };
}

function keys(): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys', namespace }, data: { AWS_ACCESS_KEY_ID: 'YQ==', AWS_SECRET_ACCESS_KEY: 'Yg==' } };
}

/** Names of the variables that the fetcher of the model gets. */
function fetcherEnv(deployment: KubeObject): readonly string[] {
  const { template } = deployment['spec'] as { template: { spec: { initContainers?: { env?: { name: string }[] }[] } } };
  return template.spec.initContainers?.[0]?.env?.map((e) => e.name) ?? [];
}

describe('credentials of a service account', () => {
  test('reach the fetcher by reference, and no value is read into the children', async () => {
    await cluster.api.create(keys());
    await cluster.api.create(account(['keys']));
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace, FROM_BUCKET));
    const deployment = await cluster.eventually(deploymentRef(namespace), 'appears');
    expect(fetcherEnv(deployment)).toEqual(expect.arrayContaining(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']));
    expect(JSON.stringify(deployment)).not.toContain('YQ==');
  });

  test('are followed when the account gets others', async () => {
    await cluster.api.create(keys());
    await cluster.api.create(account([]));
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace, FROM_BUCKET));
    await cluster.eventually(deploymentRef(namespace), 'appears', (d) => fetcherEnv(d).length === 0);
    await cluster.api.mergePatch({ ...account([]), name: 'trainer', namespace } satisfies ObjectRef, { secrets: [{ name: 'keys' }] });
    await cluster.eventually(deploymentRef(namespace), 'has credentials', (d) => fetcherEnv(d).includes('AWS_ACCESS_KEY_ID'));
  });

  test('that are missing stand in the condition, with the fix', async () => {
    await cluster.api.create(account(['keys']));
    await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace, FROM_BUCKET));
    const service = await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'PredictorReady')?.startsWith('False') === true);
    expect(condition(service, 'PredictorReady')).toMatch(/secret "keys", which does not exist.*create the secret/);
  });

  test('that may not be read stop the change; the running Deployment keeps its own', async () => {
    await cluster.api.create(keys());
    await cluster.api.create(account(['keys']));
    const first = await cluster.controller({ namespaces: [namespace] });
    await cluster.api.create(iris(namespace, FROM_BUCKET));
    const before = await cluster.eventually(deploymentRef(namespace), 'appears');
    await first.controller.stop();
    const { api } = cluster.launch({ namespaces: [namespace] });
    api.before = ({ verb, kind }) => {
      if (verb === 'get' && kind === 'Secret') throw new KubeApiError({ request: 'GET secret', statusCode: 403, reason: 'Forbidden', message: 'not you' });
    };
    const service = await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'PredictorReady')?.includes('may not read') === true);
    expect(condition(service, 'PredictorReady')).toContain('grant the controller get on secrets');
    expect((await cluster.api.get(deploymentRef(namespace)))?.['spec']).toEqual(before['spec']);
  });
});

describe('a kind that the controller may not list', () => {
  const forbid = (kind: string) => ({ verb, kind: asked }: { readonly verb: string; readonly kind: string }): void => {
    if ((verb === 'list' || verb === 'watch') && asked === kind) throw new KubeApiError({ request: `LIST ${kind}`, statusCode: 403, reason: 'Forbidden', message: `${kind} is forbidden` });
  };

  test('does not hold up services that do not need it', async () => {
    const { api, controller } = cluster.launch({ namespaces: [namespace] });
    api.before = forbid('PodDisruptionBudget');
    await controller.ready;
    await cluster.api.create(iris(namespace));
    await cluster.eventually(deploymentRef(namespace), 'appears');
  });

  test('is a condition of services that do, until it is granted', async () => {
    const { api, controller } = cluster.launch({ namespaces: [namespace] });
    api.before = forbid('HorizontalPodAutoscaler');
    await controller.ready;
    await cluster.api.create(iris(namespace));
    const service = await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'PredictorReady')?.includes('HorizontalPodAutoscaler') === true);
    expect(condition(service, 'PredictorReady')).toContain('grant get, list and watch');
    api.before = () => {};
    await cluster.eventually({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'iris-predictor', namespace }, 'appears');
  });

  test('that everything depends on is waited for', async () => {
    const { api, controller } = cluster.launch({ namespaces: [namespace] });
    api.before = forbid('ServingRuntime');
    await cluster.api.create(iris(namespace));
    let ready = false;
    void controller.ready.then(() => (ready = true));
    await cluster.eventually(irisRef(namespace), 'is there');
    expect(ready).toBe(false);
    expect(api.writes).toEqual([]);
    api.before = () => {};
    await cluster.eventually(deploymentRef(namespace), 'appears');
  });
});
