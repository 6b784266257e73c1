import { until } from '../../support/until';
import { describeOnKserve, PATIENCE_MS, TeamServices } from './support/on-kserve';
import { snapshot, type Snapshot } from './support/snapshot';

describeOnKserve("services that our controller made, given to KServe's own", (on) => {
  let team: TeamServices;
  let made: Snapshot;

  beforeAll(async () => {
    const { rig } = on;
    // For the platform's ConfigMap, which both read.
    await rig.startKserve();
    await rig.leaveKserve();
    const namespace = await rig.cluster.namespace();
    await rig.cluster.controller({ namespaces: [namespace] });
    team = new TeamServices(rig, namespace);
    await team.create();
    await team.untilReady();
    await rig.cluster.stopControllers();
    made = await snapshot(rig.cluster.api, namespace);
    await rig.startKserve();
    await team.untilReady((finalizers) => finalizers.includes('inferenceservice.finalizers'));
  });

  afterAll(() => team.removeRuntime());

  test('keep their children and stay ready; every Deployment rolls once, to the template that KServe writes', async () => {
    const { templates, uids } = await until('each template is what KServe writes', async () => {
      const now = await snapshot(on.rig.cluster.api, team.namespace);
      return [...now.templates.values()].every((template) => !/storage-initializer"|enableServiceLinks/.test(template)) ? now : undefined;
    }, PATIENCE_MS);
    expect([...templates.keys()]).toEqual([...made.templates.keys()]);
    expect(Object.fromEntries(uids)).toMatchObject(Object.fromEntries(made.uids));
    await team.untilReady();
  });

  test('are deleted by KServe, and nothing is left', () => team.deleteAll());
});
