import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_MAP_NAME, refOf, type KubeObject } from 'cdk8s-kserve/api';
import { stringify } from 'yaml';
import { describeOnKserve, KUBECONFIG, TeamServices } from './support/on-kserve';
import { ALL, KEEP_THEIR_PODS, RESTART, RUNTIME, services } from './support/services';
import { snapshot, type Snapshot } from './support/snapshot';

describeOnKserve("services that KServe's own controller made", (on) => {
  let team: TeamServices;
  let made: Snapshot;
  let foretold: readonly string[];

  beforeAll(async () => {
    const { rig } = on;
    const namespace = await rig.cluster.namespace();
    await rig.startKserve();
    team = new TeamServices(rig, namespace);
    await team.create();
    await team.untilReady();
    await rig.leaveKserve();
    made = await snapshot(rig.cluster.api, namespace);
    foretold = planAgainstCluster([RUNTIME, ...services(namespace), await platformConfig()]);
  });

  afterAll(() => team.removeRuntime());

  async function platformConfig(): Promise<KubeObject> {
    const found = await on.rig.cluster.api.get({ apiVersion: 'v1', kind: 'ConfigMap', name: CONFIG_MAP_NAME, namespace: 'kserve' });
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
    const { controller, api } = await on.rig.cluster.controller({ namespaces: [team.namespace], rolloutBudget: { percent: 100 } });
    await on.rig.cluster.quiet(controller, api);
    await team.untilReady();
    await on.rig.cluster.quiet(controller, api);
    const adopted = await snapshot(on.rig.cluster.api, team.namespace);
    expect(Object.fromEntries(adopted.uids)).toMatchObject(Object.fromEntries(made.uids));
    const changed = [...made.templates].filter(([name, template]) => adopted.templates.get(name) !== template).map(([name]) => name);
    expect(changed.sort()).toEqual([...foretold].sort());
    for (const name of Object.keys(KEEP_THEIR_PODS)) expect([name, adopted.pods.get(`${name}-predictor`)]).toEqual([name, made.pods.get(`${name}-predictor`)]);
    await controller.stop();
    const second = await on.rig.cluster.controller({ namespaces: [team.namespace] });
    await on.rig.cluster.quiet(second.controller, second.api);
    expect(second.api.writes).toEqual([]);
  });

  test('lose what their specs no longer say, though KServe wrote it', async () => {
    const { api } = on.rig.cluster;
    const edit = (name: string, container: object): Promise<KubeObject> => api.mergePatch(refOf(team.service(name)), { spec: { predictor: { containers: [container] } } });
    await edit('fixed', { name: 'kserve-container', image: 'team/custom:1' });
    await edit('probed', { name: 'kserve-container', image: 'team/custom:1', readinessProbe: { tcpSocket: { port: 8080 } } });
    const container = async (name: string): Promise<unknown> => on.rig.cluster.eventually({ apiVersion: 'apps/v1', kind: 'Deployment', name: `${name}-predictor`, namespace: team.namespace }, 'has changed', (d) => !/LEVEL|httpGet/.test(JSON.stringify(d['spec'])));
    expect(await container('fixed')).toBeDefined();
    expect(await container('probed')).toMatchObject({ spec: { template: { spec: { containers: [{ readinessProbe: { tcpSocket: { port: 8080 } } }] } } } });
  });

  test('can be deleted, and nothing is left', () => team.deleteAll());
});

/** The Deployments whose pods `isvc plan` says will restart. */
function planAgainstCluster(objects: readonly KubeObject[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-adoption-'));
  try {
    writeFileSync(join(folder, 'all.yaml'), objects.map((o) => stringify(o)).join('---\n'));
    const cli = join(__dirname, '../../../packages/cli/bin/isvc.js');
    const ran = spawnSync(process.execPath, [cli, 'plan', folder, '--against', 'cluster', '--kubeconfig', KUBECONFIG, '--json'], { encoding: 'utf8' });
    const { resources } = JSON.parse(ran.stdout) as { resources: readonly { changes: readonly { name: string; restart?: object }[] }[] };
    return resources.flatMap(({ changes }) => changes.filter((c) => c.restart).map((c) => c.name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
