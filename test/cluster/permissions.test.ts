import { CLUSTER_RULES, HttpKubeApi, OWN_NAMESPACE_RULES, SERVICE_RULES, startController, type PolicyRule, type RunningController } from 'cdk8s-kserve-controller';
import { TestCluster } from '../e2e/controller/support/cluster';
import { condition, deploymentRef, iris, irisRef, makeChildrenReady, rawChildren } from '../e2e/controller/support/iris';

// Only a real API server has RBAC.
const onReal = process.env['ISVC_TEST_KUBECONFIG'] ? describe : describe.skip;

onReal('with no more than the permissions it ships with', () => {
  let cluster: TestCluster;
  let namespace: string;
  let controller: RunningController | undefined;
  let api: HttpKubeApi;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    namespace = await cluster.namespace();
    const user = `system:serviceaccount:${namespace}:controller`;
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }];
    const grant = async (kind: 'ClusterRole' | 'Role', name: string, rules: readonly PolicyRule[]): Promise<void> => {
      const metadata = kind === 'Role' ? { name, namespace } : { name };
      await cluster.api.apply({ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, rules }, { fieldManager: 'test', force: true });
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name };
      await cluster.api.apply({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: `${kind}Binding`, metadata, roleRef, subjects }, { fieldManager: 'test', force: true });
    };
    // A tenant's controller: everything namespaced in one namespace only.
    await grant('Role', 'services', SERVICE_RULES);
    await grant('Role', 'own', OWN_NAMESPACE_RULES);
    await grant('ClusterRole', `reads-${namespace}`, CLUSTER_RULES);
    // The administrator acts as the account: what is allowed is decided for the account.
    const { token, ...connection } = cluster.connection;
    const headers = { 'impersonate-user': user, ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const inherited = cluster.connection.authorize;
    api = new HttpKubeApi({
      ...connection,
      authorize: async () => {
        const auth = inherited ? await inherited() : { headers: {} };
        return { ...auth, headers: { ...auth.headers, ...headers } };
      },
    });
  });

  afterAll(async () => {
    await controller?.stop();
    api.close();
    await cluster.stop();
  });

  test('it brings a service to Ready', async () => {
    await expect(api.get({ apiVersion: 'v1', kind: 'Node', name: 'any' })).rejects.toMatchObject({ statusCode: 403 });
    controller = startController({ api, namespaces: [namespace], namespace, redetectMs: 50 });
    await controller.ready;
    await cluster.api.create(iris(namespace));
    for (const ref of rawChildren(namespace)) await cluster.eventually(ref, 'appears');
    await makeChildrenReady(cluster.api, namespace);
    await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
  });

  test('it prunes, and repairs', async () => {
    await cluster.api.delete(deploymentRef(namespace));
    await cluster.eventually(deploymentRef(namespace), 'is made again');
    await cluster.api.mergePatch(irisRef(namespace), { metadata: { annotations: { 'serving.kserve.io/stop': 'true' } } });
    for (const ref of rawChildren(namespace)) await cluster.gone(ref);
  });
});
