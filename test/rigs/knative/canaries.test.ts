import { condition, iris, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import { describeOnKnative, predictorOf } from './support/on-knative';

const revision = (number: number): string => `iris-predictor-0000${number}`;

describeOnKnative('a canary of revisions on Knative', (on) => {
  /** Waits for these shares; `never` fails the test should it be true of any shares on the way. */
  async function shares(expected: Record<number, number>, never: (shares: Readonly<Record<string, number>>) => boolean = () => false): Promise<void> {
    const wanted = JSON.stringify(Object.entries(expected).map(([number, percent]) => [revision(Number(number)), percent]));
    await until(`shares ${wanted}`, async () => {
      const now = await on.shares();
      if (never(now)) throw new Error(`shares on the way to ${wanted}: ${JSON.stringify(now)}`);
      return JSON.stringify(Object.entries(now).sort()) === wanted;
    });
  }
  const settled = (what: string, latest: number): Promise<ReturnType<typeof predictorOf>> =>
    on.cluster.eventually(irisRef(on.namespace), what, (s) => condition(s, 'Ready') === 'True' && predictorOf(s).latestReadyRevision === revision(latest)).then(predictorOf);

  test('starts with all requests for the first revision, whatever its share', async () => {
    await on.cluster.api.create(iris(on.namespace, { mode: 'Serverless', predictor: { canaryTrafficPercent: 10 } }));
    await shares({ 1: 100 });
    expect(await settled('is ready', 1)).toMatchObject({ latestRolledoutRevision: revision(1) });
  });

  test('10, then 50 percent go to the next one; the first stays', async () => {
    const tooMuch = (percent: number) => (now: Readonly<Record<string, number>>): boolean => (now[revision(2)] ?? 0) > percent;
    await on.edit({ spec: { predictor: { model: { storageUri: 'pvc://models/second' } } } });
    await shares({ 1: 90, 2: 10 }, tooMuch(10));
    const { traffic } = await settled('tells both', 2);
    expect(traffic).toMatchObject([{ revisionName: revision(2), percent: 10 }, { revisionName: revision(1), percent: 90, tag: 'prev', url: `http://prev-iris-predictor.${on.namespace}.example.com` }]);
    await on.edit({ spec: { predictor: { canaryTrafficPercent: 50 } } });
    await shares({ 1: 50, 2: 50 }, tooMuch(50));
    expect(await on.made()).toEqual(expect.arrayContaining([`Revision ${revision(1)}`, `Revision ${revision(2)}`]));
  });

  test('without a share it is promoted', async () => {
    await on.edit({ spec: { predictor: { canaryTrafficPercent: null } } });
    await shares({ 2: 100 });
    const promoted = await on.cluster.eventually(irisRef(on.namespace), 'remembers both', (s) => predictorOf(s).latestRolledoutRevision === revision(2));
    expect(predictorOf(promoted)).toMatchObject({ previousRolledoutRevision: revision(1), traffic: [{ revisionName: revision(2), percent: 100 }] });
  });

  test('one that never starts gets no request, and is told with its cause', async () => {
    await on.edit({ spec: { predictor: { canaryTrafficPercent: 20, model: { image: 'registry.example/broken:1' } } } });
    const failing = await on.cluster.eventually(irisRef(on.namespace), 'tells the cause', (s) => JSON.stringify(s['status']).includes('BlockedByFailedLoad'));
    expect([condition(failing, 'Ready'), condition(failing, 'Servable')]).toEqual(['True', 'True']);
    expect(failing['status']).toMatchObject({ modelStatus: { transitionStatus: 'BlockedByFailedLoad', states: { activeModelState: 'Loaded', targetModelState: 'FailedToLoad' }, copies: { failedCopies: 1, totalCopies: 0 } } });
    // Knative gives it up at its progress deadline; the requests stay where they are all the while.
    await until('Knative gives it up', async () => {
      expect(await on.shares()).toEqual({ [revision(2)]: 100 });
      return condition(await on.cluster.api.get(irisRef(on.namespace)), 'LatestDeploymentReady')?.startsWith('False RevisionFailed');
    });
    expect(predictorOf(await on.cluster.api.get(irisRef(on.namespace)))).toMatchObject({ latestRolledoutRevision: revision(2), latestReadyRevision: revision(2) });
  });

  test('a spec that is repaired takes its place, the share still in force', async () => {
    await on.edit({ spec: { predictor: { model: { image: null, storageUri: 'pvc://models/third' } } } });
    await shares({ 2: 80, 4: 20 }, (now) => revision(3) in now);
    const repaired = await on.cluster.eventually(irisRef(on.namespace), 'is up to date', (s) => JSON.stringify(s['status']).includes('"transitionStatus":"UpToDate"'));
    expect(repaired['status']).toMatchObject({ modelStatus: { copies: { failedCopies: 0, totalCopies: 1 } } });
  });

  test('back at 0 percent all requests go to the one before; with tag routing the canary keeps an address', async () => {
    await on.edit({ metadata: { annotations: { 'serving.kserve.io/enable-tag-routing': 'true' } }, spec: { predictor: { canaryTrafficPercent: 0 } } });
    await until('all go to the revision before', async () => (await on.shares())[revision(2)] === 100);
    const pinned = await on.cluster.eventually(irisRef(on.namespace), 'names the tags', (s) => predictorOf(s).traffic?.some((t) => (t as { tag?: string }).tag === 'latest') === true);
    expect(predictorOf(pinned).traffic).toMatchObject([
      { percent: 0, tag: 'latest', url: `http://latest-iris-predictor.${on.namespace}.example.com` },
      { revisionName: revision(2), percent: 100, tag: 'prev' },
    ]);
    expect(predictorOf(pinned).latestRolledoutRevision).toBe(revision(2));
  });
});
