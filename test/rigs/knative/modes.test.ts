import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { condition, deploymentRef, iris, irisRef, knativeRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import { describeOnKnative } from './support/on-knative';

/** How long callers of the in-cluster name may find nothing behind it: Knative makes its Service once ours is gone. */
const HANDOVER_MS = 5_000;
/** Knative tries for the name of the Service ever more rarely while it is ours. */
const LOADING_MS = 12_000;
const AWAY_MS = 6_000;

describeOnKnative('a service that changes its mode beside Knative', (on) => {
  const address = (): ObjectRef => ({ apiVersion: 'v1', kind: 'Service', name: 'iris-predictor', namespace: on.namespace });
  const switchTo = (mode: string): Promise<void> => on.edit({ metadata: { annotations: { 'serving.kserve.io/deploymentMode': mode } } });
  const isRaw = (service: KubeObject | undefined): boolean => service?.metadata.ownerReferences?.[0]?.kind === 'InferenceService';

  /** Looks at the service until it is so; @returns for how many milliseconds its in-cluster name led nowhere, or it was not Ready. */
  async function gap(what: string, so: (address: KubeObject | undefined, service: KubeObject | undefined) => boolean): Promise<number> {
    let gapMs = 0;
    let last = Date.now();
    await until(what, async () => {
      const [there, service] = await Promise.all([on.cluster.api.get(address()), on.cluster.api.get(irisRef(on.namespace))]);
      if (!there || condition(service, 'Ready') !== 'True') gapMs += Date.now() - last;
      last = Date.now();
      return so(there, service);
    });
    return gapMs;
  }

  test('from raw: the old pods answer for as long as the revision takes, and then Knative has the name at once', async () => {
    const service = iris(on.namespace);
    // Without a route, nobody has to play a gateway of raw services.
    await on.cluster.api.create({ ...service, metadata: { ...service.metadata, labels: { 'networking.kserve.io/visibility': 'cluster-local' } } });
    await on.cluster.eventually(irisRef(on.namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    on.node.holds = (pod) => pod.startsWith('iris-predictor-00001');
    await switchTo('Serverless');
    const loaded = Date.now() + LOADING_MS;
    expect(await gap('the revision takes its time', () => Date.now() > loaded)).toBe(0);
    expect((await on.cluster.api.get(deploymentRef(on.namespace)))?.['status']).toMatchObject({ availableReplicas: 1 });
    // Our controller is away while the revision gets ready: nothing that Knative sees comes after the name is free.
    await on.cluster.stopControllers();
    on.node.holds = () => false;
    await on.cluster.eventually(knativeRef(on.namespace), 'has a revision', (s) => condition(s, 'ConfigurationsReady') === 'True');
    const away = Date.now() + AWAY_MS;
    expect(await gap('our controller is away', () => Date.now() > away)).toBe(0);
    await on.cluster.controller({ namespaces: [on.namespace] });
    const handover = await gap('Knative has the name', (there, s) => there !== undefined && !isRaw(there) && condition(s, 'Ready') === 'True' && condition(s, 'RoutesReady') === 'True');
    expect(handover).toBeLessThan(HANDOVER_MS);
    await until('nothing is left of the raw mode', async () => !(await on.made()).includes('Deployment iris-predictor'));
    expect(await on.shares()).toEqual({ 'iris-predictor-00001': 100 });
  });

  test('to raw: the revision answers until the Deployment does', async () => {
    on.node.holds = (pod) => !pod.includes('-00001-');
    await switchTo('RawDeployment');
    await on.cluster.eventually(deploymentRef(on.namespace), 'is there');
    await until('the revision serves alone', async () => (await on.made()).includes('Deployment iris-predictor'));
    expect(await on.shares()).toEqual({ 'iris-predictor-00001': 100 });
    on.node.holds = () => false;
    expect(await gap('the name is ours', (there, s) => isRaw(there) && condition(s, 'Ready') === 'True')).toBeLessThan(HANDOVER_MS);
    await until('nothing is left of Knative', async () => (await on.made()).every((object) => /^(Deployment|ReplicaSet|Pod|Service) iris-predictor(-[0-9a-f]+)?(-\w{5})?$/.test(object)));
  });
});
