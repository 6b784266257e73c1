import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_MAP_NAME, INFERENCE_SERVICE_API, refOf, type KubeObject } from 'cdk8s-kserve/api';
import { stringify } from 'yaml';
import { condition } from '../../e2e/controller/support/iris';
import { until } from '../../e2e/controller/support/until';
import { startRig, type KserveRig } from './support/kserve';
import { ALL, KEEP_THEIR_PODS, RESTART, RUNTIME, services } from './support/services';
import { snapshot, type Snapshot } from './support/snapshot';

const programs = process.env['ISVC_TEST_RIG'];
const kubeconfig = process.env['ISVC_TEST_KUBECONFIG'] ?? '';
const PATIENCE_MS = 120_000;
jest.setTimeout(4 * PATIENCE_MS);

(programs ? describe : describe.skip)("services that KServe's own controller made", () => {
  let rig: KserveRig;
  let namespace: string;
  let made: Snapshot;
  let foretold: readonly string[];

  const allReady = (): Promise<true> => until('all services are ready', async () => {
    const found = await Promise.all(services(namespace).map((s) => rig.cluster.api.get(refOf(s))));
    return found.every((s) => condition(s, 'Ready') === 'True') || undefined;
  }, PATIENCE_MS);

  beforeAll(async () => {
    rig = await startRig(programs ?? '', kubeconfig);
    const { api } = rig.cluster;
    namespace = await rig.cluster.namespace();
    await rig.startKserve();
    await api.create(RUNTIME);
    for (const service of services(namespace)) await api.create(service);
    await allReady();
    await rig.leaveKserve();
    made = await snapshot(api, namespace);
    foretold = planAgainstCluster([RUNTIME, ...services(namespace), await platformConfig()]);
  });

  afterAll(async () => {
    await rig.cluster.api.delete(refOf(RUNTIME));
    await rig.stop();
  });

  async function platformConfig(): Promise<KubeObject> {
    const found = await rig.cluster.api.get({ apiVersion: 'v1', kind: 'ConfigMap', name: CONFIG_MAP_NAME, namespace: 'kserve' });
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: CONFIG_MAP_NAME, namespace: 'kserve' }, data: found?.['data'] };
  }

  test('have their children and pods', () => {
    for (const name of Object.keys(ALL)) {
      expect(made.uids.has(`Deployment ${name}-predictor`)).toBe(true);
      expect(made.uids.has(`Service ${name}-predictor`)).toBe(true);
      expect(made.pods.get(`${name}-predictor`)).not.toHaveLength(0);
    }
  });

  test('isvc plan --against cluster says beforehand which will restart', () => {
    expect([...foretold].sort()).toEqual(Object.keys(RESTART).map((name) => `${name}-predictor`).sort());
  });

  test('keep their children, and their pods where the template is equal; a second start writes nothing', async () => {
    const { controller, api } = await rig.cluster.controller({ namespaces: [namespace], rolloutBudget: { percent: 100 } });
    await rig.cluster.quiet(controller, api);
    await allReady();
    await rig.cluster.quiet(controller, api);
    const adopted = await snapshot(rig.cluster.api, namespace);
    expect(Object.fromEntries(adopted.uids)).toMatchObject(Object.fromEntries(made.uids));
    const changed = [...made.templates].filter(([name, template]) => adopted.templates.get(name) !== template).map(([name]) => name);
    expect(changed.sort()).toEqual([...foretold].sort());
    for (const name of Object.keys(KEEP_THEIR_PODS)) expect([name, adopted.pods.get(`${name}-predictor`)]).toEqual([name, made.pods.get(`${name}-predictor`)]);
    await controller.stop();
    const second = await rig.cluster.controller({ namespaces: [namespace] });
    await rig.cluster.quiet(second.controller, second.api);
    expect(second.api.writes).toEqual([]);
  });

  test('can be deleted, and nothing is left', async () => {
    const { api } = rig.cluster;
    for (const name of Object.keys(ALL)) await api.delete({ apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', name, namespace });
    await until('nothing is left', async () => {
      const left = await snapshot(api, namespace);
      return (left.uids.size === 0 && left.pods.size === 0) || undefined;
    }, PATIENCE_MS);
  });
});

/** The Deployments whose pods `isvc plan` says will restart. */
function planAgainstCluster(objects: readonly KubeObject[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-adoption-'));
  try {
    writeFileSync(join(folder, 'all.yaml'), objects.map((o) => stringify(o)).join('---\n'));
    const cli = join(__dirname, '../../../packages/cli/bin/isvc.js');
    const ran = spawnSync(process.execPath, [cli, 'plan', folder, '--against', 'cluster', '--kubeconfig', kubeconfig, '--json'], { encoding: 'utf8' });
    const { resources } = JSON.parse(ran.stdout) as { resources: readonly { changes: readonly { name: string; restart?: object }[] }[] };
    return resources.flatMap(({ changes }) => changes.filter((c) => c.restart).map((c) => c.name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
