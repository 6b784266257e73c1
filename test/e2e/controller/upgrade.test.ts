import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { customResourceDefinitions, isInferenceGraph, objectKey, type KubeObject } from 'cdk8s-kserve/api';
import { HttpKubeApi, KubeApiError, startController, type ApiResource, type ControllerOptions, type RunningController } from 'cdk8s-kserve-controller';
import { goldenCases, inMode, presentFiles } from '../../support/golden';
import { TestCluster } from './support/cluster';
import { ObservedKubeApi } from './support/observed-kube-api';
import { FURTHER_CRDS } from './support/optional-crds';
import { fileAt, loadPreviousController, previousRevision } from './support/previous-controller';
import { until } from '../../support/until';

jest.setTimeout(240_000);

const CHANGELOG = resolve(__dirname, '../../../CHANGELOG.md');
const PATIENCE_MS = 90_000;
/** Longer than a status may be held back. */
const QUIET_MS = 1000;
/** Besides children. */
const OWNERS_AND_NEWS = ['InferenceService', 'InferenceGraph', 'Event'];
/** Whose pods an edit restarts. */
const WITH_PODS: readonly ApiResource[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespaced: true },
  { apiVersion: 'serving.knative.dev/v1', kind: 'Service', plural: 'services', namespaced: true },
];

const previous = previousRevision();
if (!previous) process.stderr.write('upgrade: skipped, as this clone has no earlier commit; the golden files are the record of the pod templates\n');

/** Services and graphs of the golden cases that have children and need no other objects than themselves, each in a namespace of its own. */
const SERVICES: readonly KubeObject[] = goldenCases()
  .filter((golden) => (golden.plain || isInferenceGraph(golden.service)) && golden.worldObjects.length === 0)
  .flatMap((golden) => golden.modes.filter((mode) => presentFiles(golden).has(`${mode}.yaml`)).map((mode) => {
    const service = inMode<KubeObject>(golden.service, mode);
    return { ...service, metadata: { ...service.metadata, namespace: `up-${golden.name}-${mode}` } };
  }));
const NAMESPACES = new Set(SERVICES.map((service) => service.metadata.namespace ?? ''));

type Start = (options: ControllerOptions) => RunningController;

(previous ? describe : describe.skip)(`an upgrade from ${previous?.name ?? 'nothing'}`, () => {
  let cluster: TestCluster;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'isvc-upgrade-'));
    cluster = await TestCluster.start();
    await cluster.install(FURTHER_CRDS);
  });

  afterAll(async () => {
    for (const name of NAMESPACES) await cluster.api.delete({ apiVersion: 'v1', kind: 'Namespace', name });
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a controller until it has nothing left to do. @returns what it wrote to children; what other tests left behind is not ours */
  async function runUntilQuiet(start: Start): Promise<readonly string[]> {
    const api = new ObservedKubeApi(new HttpKubeApi(cluster.connection));
    const written: string[] = [];
    api.landed = ({ verb, kind, namespace = '', name }) => {
      if (NAMESPACES.has(namespace) && !OWNERS_AND_NEWS.includes(kind)) written.push(`${verb} ${kind} ${namespace}/${name}`);
    };
    const controller = start({ api, redetectMs: 50 });
    try {
      await controller.ready;
      let seen = -1;
      let since = performance.now();
      await until('the controller is quiet', () => {
        if (!controller.idle || api.writes.length !== seen) since = performance.now();
        seen = api.writes.length;
        return performance.now() - since > QUIET_MS;
      }, PATIENCE_MS);
      return written;
    } finally {
      await controller.stop();
      api.close();
    }
  }

  /** Pod templates by kind, namespace and name. */
  async function podTemplates(): Promise<Readonly<Record<string, unknown>>> {
    const found: Record<string, unknown> = {};
    for (const resource of WITH_PODS) {
      for (const object of (await cluster.api.list(resource)).items) {
        const { template } = object['spec'] as { readonly template?: unknown };
        if (NAMESPACES.has(object.metadata.namespace ?? '')) found[`${resource.kind} ${objectKey(object.metadata)}`] = template;
      }
    }
    return found;
  }

  test('changes no pod template that the changelog does not name, and no child that it does not account for', async () => {
    if (!previous) throw new Error('unreachable: there is no earlier commit');
    const before = loadPreviousController(previous, folder);
    await cluster.install(before.customResourceDefinitions());
    for (const name of NAMESPACES) await cluster.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    for (const service of SERVICES) await cluster.api.create(service).catch(unlessRefused);
    const created = await runUntilQuiet(before.startController);
    const old = await podTemplates();
    expect(Object.keys(old).length).toBeGreaterThan(50);
    expect(created.length).toBeGreaterThan(Object.keys(old).length);

    await cluster.install(customResourceDefinitions());
    const written = await runUntilQuiet(startController);
    const told = changelogSince(previous);
    const now = await podTemplates();
    // What the old one could not make restarts nothing.
    const same = Object.fromEntries(Object.keys(old).map((key) => [key, now[key]]));
    if (!told.some((line) => line.includes('**restarts pods**'))) expect(same).toEqual(old);
    if (told.length === 0) expect(written).toEqual([]);
  });
});

/** A service of a case that is newer than the old kinds, which do not admit it. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof KubeApiError && error.statusCode === 422)) throw error;
}

/** Lines of the changelog that a revision did not have. */
function changelogSince(revision: NonNullable<typeof previous>): readonly string[] {
  const before = new Set(fileAt(revision, 'CHANGELOG.md').split('\n'));
  return readFileSync(CHANGELOG, 'utf8').split('\n').filter((line) => !before.has(line));
}
