import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { condition } from '../../e2e/controller/support/iris';
import { goldenCases, renderCase } from '../../support/golden';
import { startKeda, type Keda } from './support/keda';

const folder = process.env['ISVC_TEST_RIG'];

const table = goldenCases()
  .filter((golden) => golden.modes.includes('raw'))
  .flatMap((golden) => renderCase(golden, 'raw').children.filter(({ kind }) => kind === 'ScaledObject').map((object) => [`${golden.name}: ${object.metadata.name}`, object] as const));

interface Triggered {
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly triggers: readonly { readonly type: string }[];
}

(folder ? describe : describe.skip)('ScaledObjects of golden cases, before the real operator of KEDA', () => {
  let keda: Keda;

  beforeAll(async () => {
    keda = await startKeda(folder ?? '', process.env['ISVC_TEST_KUBECONFIG'] ?? '');
  });
  afterAll(() => keda.stop());

  test('are several', () => expect(table.length).toBeGreaterThanOrEqual(6));

  test.each(table)('%s', async (_name, object) => {
    const { api } = keda.cluster;
    const namespace = await keda.cluster.namespace();
    for (const beside of [target(object, namespace), ...credentials(namespace)]) await api.create(beside);
    const sent = { ...object, metadata: { ...object.metadata, namespace } };
    // Fields that KEDA does not declare are refused by server-side apply; none is dropped or changed.
    expect(await api.apply(sent, { fieldManager: 'cdk8s-kserve', force: true })).toMatchObject(sent);
    const ref: ObjectRef = { apiVersion: sent.apiVersion, kind: sent.kind, name: sent.metadata.name, namespace };
    const { minReplicaCount, maxReplicaCount, triggers } = object['spec'] as unknown as Triggered;
    if (triggers.some(({ type }) => type === 'external')) {
      // Its scaler is a server of the platform, which is not here; that is all that KEDA has against it.
      const waiting = await keda.cluster.eventually(ref, 'was looked at', (s) => condition(s, 'Ready')?.startsWith('False') === true);
      expect(condition(waiting, 'Ready')).toMatch(/no metric specs returned from scalers/);
      return;
    }
    await keda.cluster.eventually(ref, 'is ready', (s) => condition(s, 'Ready')?.startsWith('True') === true);
    const hpa = await keda.cluster.eventually({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: `keda-hpa-${sent.metadata.name}`, namespace }, 'is made');
    expect(hpa['spec']).toMatchObject({ minReplicas: Math.max(minReplicaCount, 1), maxReplicas: maxReplicaCount, scaleTargetRef: { kind: 'Deployment', name: sent.metadata.name } });
  });
});

function target({ metadata: { name } }: KubeObject, namespace: string): KubeObject {
  const labels = { app: name };
  const resources = { requests: { cpu: '1', memory: '1Gi' } };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'registry.example/none', resources }] } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { selector: { matchLabels: labels }, template } };
}

/** What a case refers to and users have beside it. */
function credentials(namespace: string): readonly KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'prometheus', namespace }, stringData: { token: 'of a test' } },
    { apiVersion: 'keda.sh/v1alpha1', kind: 'TriggerAuthentication', metadata: { name: 'prometheus', namespace }, spec: { secretTargetRef: [{ parameter: 'bearerToken', name: 'prometheus', key: 'token' }] } },
  ];
}
