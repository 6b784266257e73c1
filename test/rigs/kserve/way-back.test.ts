import { INFERENCE_SERVICE_API, refOf } from 'cdk8s-kserve/api';
import { condition } from '../../e2e/controller/support/iris';
import { until } from '../../e2e/controller/support/until';
import { startRig, type KserveRig } from './support/kserve';
import { ALL, RUNTIME, services } from './support/services';
import { snapshot, type Snapshot } from './support/snapshot';

const programs = process.env['ISVC_TEST_RIG'];
const kubeconfig = process.env['ISVC_TEST_KUBECONFIG'] ?? '';
const PATIENCE_MS = 120_000;
jest.setTimeout(4 * PATIENCE_MS);

(programs ? describe : describe.skip)("services that our controller made, given to KServe's own", () => {
  let rig: KserveRig;
  let namespace: string;
  let made: Snapshot;

  beforeAll(async () => {
    rig = await startRig(programs ?? '', kubeconfig);
    // For the platform's ConfigMap, which both read.
    await rig.startKserve();
    await rig.leaveKserve();
    namespace = await rig.cluster.namespace();
    await rig.cluster.api.create(RUNTIME);
    await rig.cluster.controller({ namespaces: [namespace] });
    for (const service of services(namespace)) await rig.cluster.api.create(service);
    await allReady(() => true);
    await rig.cluster.stopControllers();
    made = await snapshot(rig.cluster.api, namespace);
    await rig.startKserve();
    await allReady((finalizers) => finalizers.includes('inferenceservice.finalizers'));
  });

  afterAll(async () => {
    await rig.cluster.api.delete(refOf(RUNTIME));
    await rig.stop();
  });

  async function allReady(taken: (finalizers: readonly string[]) => boolean): Promise<void> {
    await until('all services are ready', async () => {
      const found = await Promise.all(services(namespace).map((s) => rig.cluster.api.get(refOf(s))));
      return found.every((s) => condition(s, 'Ready') === 'True' && taken(s?.metadata.finalizers ?? [])) || undefined;
    }, PATIENCE_MS);
  }

  test('keep their children and stay ready; every Deployment rolls once, to the template that KServe writes', async () => {
    const { templates, uids } = await until('each template is what KServe writes', async () => {
      const now = await snapshot(rig.cluster.api, namespace);
      return [...now.templates.values()].every((template) => !/storage-initializer"|enableServiceLinks/.test(template)) ? now : undefined;
    }, PATIENCE_MS);
    expect([...templates.keys()]).toEqual([...made.templates.keys()]);
    expect(Object.fromEntries(uids)).toMatchObject(Object.fromEntries(made.uids));
    await allReady(() => true);
  });

  test('are deleted by KServe, and nothing is left', async () => {
    const { api } = rig.cluster;
    for (const name of Object.keys(ALL)) await api.delete({ apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', name, namespace });
    await until('nothing is left', async () => {
      const left = await snapshot(api, namespace);
      return (left.uids.size === 0 && left.pods.size === 0) || undefined;
    }, PATIENCE_MS);
  });
});
