import { refOf, type KubeObject } from 'cdk8s-kserve/api';
import { goldenCases, renderCase } from '../../support/golden';
import { startKnative, type Knative } from './support/knative';

const folder = process.env['ISVC_TEST_RIG'];
const kubeconfig = process.env['ISVC_TEST_KUBECONFIG'] ?? '';

const isKnative = (object: KubeObject): boolean => object.apiVersion === 'serving.knative.dev/v1';
const table = goldenCases()
  .filter((golden) => golden.modes.includes('serverless'))
  .map((golden) => [golden.name, renderCase(golden, 'serverless').children.filter(isKnative)] as const)
  .filter(([, children]) => children.length > 0);

(folder ? describe : describe.skip)('Knative Services of golden cases, before the real webhook of Knative', () => {
  let knative: Knative;
  let namespace: string;

  beforeAll(async () => {
    knative = await startKnative(folder ?? '', kubeconfig, { programs: ['webhook'] });
    namespace = await knative.cluster.namespace();
  });

  afterAll(() => knative.stop());

  test('are many', () => expect(table.length).toBeGreaterThan(40));

  test.each(table)('%s: admitted as it is', async (_name, children) => {
    const { api } = knative.cluster;
    for (const child of children) {
      const sent = { ...child, metadata: { ...child.metadata, namespace } };
      const live = await api.apply(sent, { fieldManager: 'cdk8s-kserve', force: true });
      await api.delete(refOf(sent));
      // Defaults are added, and nothing that was sent is dropped or changed.
      expect(live).toMatchObject(asGoWrites(sent) as object);
    }
  });
});

/** The webhook writes objects as Go does: without what is false by default, quantities as text. */
function asGoWrites(value: unknown, isQuantities = false): unknown {
  if (Array.isArray(value)) return value.map((item) => asGoWrites(item));
  if (typeof value !== 'object' || value === null) return isQuantities ? String(value) : value;
  const written = Object.entries(value).filter(([key, v]) => key !== 'readOnly' || v !== false);
  return Object.fromEntries(written.map(([key, v]) => [key, asGoWrites(v, isQuantities || key === 'limits' || key === 'requests')]));
}
