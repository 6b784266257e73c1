import { customResourceDefinitions } from 'cdk8s-kserve/api';
import { TestCluster } from './support/cluster';
import { condition, iris, irisRef, knativeRef, rawChildren } from './support/iris';
import { GATEWAY_CRD, HTTP_ROUTE_CRD, KNATIVE_SERVICE_CRD } from './support/optional-crds';

// A server whose CRDs come and go cannot be shared with other test files, so a real one is not used here.
const onEmbedded = process.env['ISVC_TEST_KUBECONFIG'] ? describe.skip : describe;

onEmbedded('an optional API that the cluster lacks', () => {
  let cluster: TestCluster;
  let namespace: string;

  beforeEach(async () => {
    cluster = await TestCluster.start({ apis: [] });
    namespace = await cluster.namespace();
  });

  afterEach(() => cluster.stop());

  test('is a condition with the fix, and is used as soon as it is installed', async () => {
    await cluster.controller();
    await cluster.api.create(iris(namespace, { mode: 'Serverless' }));
    const service = await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'Ready')?.startsWith('False') === true);
    expect(condition(service, 'PredictorReady')).toMatch(/^False MissingApi .*install Knative Serving/);
    await cluster.install([KNATIVE_SERVICE_CRD]);
    await cluster.eventually(knativeRef(namespace), 'appears');
    await cluster.eventually(irisRef(namespace), 'has recovered', (s) => condition(s, 'PredictorReady')?.startsWith('Unknown') === true);
  });

  test('does not disturb services that do not need it', async () => {
    await cluster.install([HTTP_ROUTE_CRD]);
    await cluster.controller();
    await cluster.api.create(iris(namespace));
    for (const ref of rawChildren(namespace)) {
      await cluster.eventually(ref, 'appears');
    }
  });

  test('needs more than Gateways: they publish nothing by themselves', async () => {
    await cluster.install([GATEWAY_CRD]);
    await cluster.controller();
    await cluster.api.create(iris(namespace));
    const service = await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'Ready')?.startsWith('False') === true);
    expect(condition(service, 'PredictorReady')).toMatch(/^False MissingApi .*install the Gateway API CRDs/);
  });

  test('may go again, and the service says so', async () => {
    await cluster.install([KNATIVE_SERVICE_CRD]);
    await cluster.controller();
    await cluster.api.create(iris(namespace, { mode: 'Serverless' }));
    await cluster.eventually(knativeRef(namespace), 'appears');
    await cluster.api.delete({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: KNATIVE_SERVICE_CRD.metadata.name });
    await cluster.eventually(irisRef(namespace), 'says why', (s) => condition(s, 'PredictorReady')?.startsWith('False MissingApi') === true);
  });

  test('even our own CRDs may come after the controller', async () => {
    for (const crd of customResourceDefinitions()) {
      await cluster.api.delete({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: crd.metadata.name });
    }
    const { controller } = cluster.launch();
    await controller.ready;
    await cluster.install([...customResourceDefinitions(), HTTP_ROUTE_CRD]);
    await cluster.api.create(iris(namespace));
    await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
  });
});
