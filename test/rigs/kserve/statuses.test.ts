import { INFERENCE_SERVICE_API, refOf, type KubeObject } from 'cdk8s-kserve/api';
import { condition } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import { describeOnKserve, PATIENCE_MS } from './support/on-kserve';

/** Longer than any of both takes from one write to the next. */
const STILL_MS = 8_000;

const custom = (image = 'team/custom:1'): object => ({ containers: [{ name: 'kserve-container', image }] });

interface Situation {
  readonly spec: object;
  /** What changes once it is ready. */
  readonly then?: object;
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  'never-ready': { spec: { predictor: custom('team/broken:1') } },
  ready: { spec: { predictor: custom() } },
  'stuck-update': { spec: { predictor: custom() }, then: { spec: { predictor: custom('team/broken:2') } } },
  'transformer-never-ready': { spec: { predictor: custom(), transformer: custom('team/broken:1') } },
  'both-ready': { spec: { predictor: custom(), transformer: custom('team/transformer:1') } },
  stopped: { spec: { predictor: custom() }, then: { metadata: { annotations: { 'serving.kserve.io/stop': 'true' } } } },
};

type Statuses = Readonly<Record<string, Readonly<Record<string, string>>>>;

describeOnKserve('conditions of the same services', (on) => {
  let theirs: Statuses;
  let ours: Statuses;

  beforeAll(async () => {
    const { rig } = on;
    await rig.startKserve();
    theirs = await live(await rig.cluster.namespace());
    await rig.leaveKserve();
    const namespace = await rig.cluster.namespace();
    await rig.cluster.controller({ namespaces: [namespace] });
    ours = await live(namespace);
  });

  /** The statuses of the conditions in each situation, by type, once nothing moves any more. */
  async function live(namespace: string): Promise<Statuses> {
    const { api } = on.rig.cluster;
    const all = Object.entries(SITUATIONS).map(([name, { spec }]): KubeObject => ({
      apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', metadata: { name, namespace, annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } }, spec,
    }));
    const found = (): Promise<readonly (KubeObject | undefined)[]> => Promise.all(all.map((s) => api.get(refOf(s))));
    for (const service of all) await api.create(service);
    await until('what can be ready is', async () => (await found()).every((s) => s?.metadata.name.includes('never') || condition(s, 'Ready') === 'True') || undefined, PATIENCE_MS);
    for (const [name, { then }] of Object.entries(SITUATIONS)) {
      if (then) await api.mergePatch({ apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', name, namespace }, then);
    }
    let last = '';
    let since = Date.now();
    await until('nothing moves', async () => {
      const now = JSON.stringify((await found()).map((s) => s?.metadata.resourceVersion));
      if (now !== last) since = Date.now();
      last = now;
      return Date.now() - since > STILL_MS || undefined;
    }, PATIENCE_MS);
    return Object.fromEntries((await found()).map((s) => [s?.metadata.name, conditionsOf(s)]));
  }

  // docs/compatibility.md has the reasons.
  test('differ in one: the route is there before the pods are ready', () => {
    const different = Object.entries(theirs).flatMap(([situation, conditions]) =>
      Object.entries(conditions).filter(([type, status]) => ours[situation]?.[type] !== status).map(([type, status]) => `${situation} ${type}: ${status}, ours ${ours[situation]?.[type]}`));
    expect(different).toEqual(['never-ready IngressReady: False, ours True', 'transformer-never-ready IngressReady: False, ours True']);
  });

  test('are as many, and two of our own', () => {
    for (const situation of Object.keys(SITUATIONS)) {
      expect([situation, Object.keys(ours[situation] ?? {})]).toEqual([situation, [...Object.keys(theirs[situation] ?? {}), 'Progressing', 'Servable'].sort()]);
    }
  });
});

function conditionsOf(service: KubeObject | undefined): Readonly<Record<string, string>> {
  const { conditions = [] } = (service?.['status'] ?? {}) as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  return Object.fromEntries(conditions.map(({ type, status }) => [type, status]).sort());
}
