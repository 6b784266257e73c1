import { BUILT_IN_RUNTIMES, refOf, type KubeObject } from 'cdk8s-kserve/api';
import { HttpKubeApi, startController, type ApplyOptions } from 'cdk8s-kserve-controller';
import { TestCluster } from '../e2e/controller/support/cluster';
import { ObservedKubeApi } from '../e2e/controller/support/observed-kube-api';
import { FURTHER_CRDS } from '../e2e/controller/support/optional-crds';
import { until } from '../support/until';
import { canonicalYaml } from '../support/canonical';
import { goldenCases, inMode, presentFiles, type GoldenCase, type GoldenMode } from '../support/golden';

/** Keeps the last body applied of each child, and makes every Deployment available at once: a canary gets traffic only then. */
class RecordingKubeApi extends ObservedKubeApi {
  readonly applied = new Map<string, KubeObject>();

  override async apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    const live = await super.apply(object, options);
    const { apiVersion, kind, metadata } = object;
    this.applied.set(`${apiVersion}/${kind}/${metadata.name}`, object);
    return kind === 'Deployment' ? super.replaceStatus({ ...live, status: { replicas: 1, readyReplicas: 1, availableReplicas: 1 } }) : live;
  }
}

const table = goldenCases().flatMap((golden) => golden.modes.flatMap((mode) => {
  const expected = presentFiles(golden).get(`${mode}.yaml`);
  return expected === undefined || !golden.plain ? [] : [[golden.name, mode, golden, expected] as const];
}));

describe('golden cases through the controller on an API server', () => {
  it('exist', () => expect(table.length).toBeGreaterThan(15));

  it.each(table)('%s in %s mode: what it applies is what render gave', async (_name, mode, golden, expected) => {
    expect(await childrenApplied(golden, mode, expected)).toBe(expected);
  });
});

/** What the controller sends for a case on a server of its own, without the owner that it adds; the last it sent if that never becomes what is expected. */
async function childrenApplied(golden: GoldenCase, mode: GoldenMode, expected: string): Promise<string> {
  const cluster = await TestCluster.start();
  await cluster.install(FURTHER_CRDS);
  const service = inMode(golden.service, mode);
  const api = new RecordingKubeApi(new HttpKubeApi(cluster.connection));
  const sent = (): string => canonicalYaml([...api.applied.values()].map(withoutOwner));
  const count = expected.split('\n---\n').length;
  const prepared = [...surroundings(golden, service.metadata.namespace ?? 'default'), service];
  try {
    for (const object of prepared) await cluster.api.apply(object, { fieldManager: 'test', force: true });
    const controller = startController({ api, namespaces: [service.metadata.namespace ?? 'default'], redetectMs: 50 });
    try {
      await until(`the children of ${golden.name}`, () => api.applied.size >= count && sent() === expected).catch(() => undefined);
    } finally {
      await controller.stop();
    }
    return sent();
  } finally {
    // Garbage collection of a real cluster needs up to half a minute to notice a CRD; the next case has children of the same names.
    for (const child of [...prepared.slice(-1), ...api.applied.values()]) await cluster.api.delete(refOf(child));
    for (const child of api.applied.values()) await cluster.gone(refOf(child));
    for (const object of prepared.reverse()) if (object.kind !== 'Namespace') await cluster.api.delete(refOf(object));
    api.close();
    await cluster.stop();
  }
}

/** Namespaces, the case's world, and the built-in runtimes that it does not replace. */
function surroundings(golden: GoldenCase, namespace: string): KubeObject[] {
  const own = new Set(golden.worldObjects.map((o) => `${o.kind}/${o.metadata.name}`));
  const names = [...new Set([namespace, 'kserve', ...golden.worldObjects.flatMap((o) => o.metadata.namespace ?? [])])];
  return [
    ...names.map((name): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...BUILT_IN_RUNTIMES.filter((r) => !own.has(`${r.kind}/${r.metadata.name}`)),
    ...golden.worldObjects,
  ];
}

function withoutOwner(object: KubeObject): KubeObject {
  const { ownerReferences: _owner, ...metadata } = object.metadata;
  return { ...object, metadata };
}
