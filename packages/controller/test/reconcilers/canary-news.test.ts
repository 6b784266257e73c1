import type { ComponentStatus } from 'cdk8s-kserve/api';
import { canaryNews, type CanaryOutlook } from '../../src/reconcilers/canary-news';

type Share = readonly [revision: string, percent: number];

/** The predictor's traffic, the latest revision first. */
function revisions(latest: Share, others: readonly Share[] = [], more: Partial<ComponentStatus> = {}): CanaryOutlook {
  const traffic = [latest, ...others].map(([revisionName, percent], i) => ({ revisionName, percent, latestRevision: i === 0 }));
  return { components: { predictor: { traffic, ...more } } };
}

/** A raw service with a version `next` beside the stable one. */
function canary(ready: boolean, trafficPercent = 10, message = 'not available, so without traffic: iris-next-predictor'): CanaryOutlook {
  return {
    canaryStatuses: [{ name: 'next', ready, trafficPercent }],
    conditions: [{ type: 'CanaryPredictorReady', status: ready ? 'True' : 'False', message, lastTransitionTime: '' }],
  };
}

const TEN = revisions(['b', 10], [['a', 90]]);

describe('what became of a canary', () => {
  test.each<[string, CanaryOutlook | undefined, CanaryOutlook, string | undefined]>([
    ['the first look', undefined, TEN, undefined],
    ['its start', revisions(['a', 100]), TEN, undefined],
    ['a larger share', TEN, revisions(['b', 50], [['a', 50]]), undefined],
    ['all the traffic', TEN, revisions(['b', 100]), "Normal CanaryPromoted the predictor's revision b gets all requests, after 10 %"],
    ['none of it, as told', TEN, revisions(['b', 0], [['a', 100]]), "Warning CanaryRolledBack the predictor's revision b gets no requests any more, after 10 %: its canaryTrafficPercent sends it none"],
    ['none of it, with a cause', TEN, { ...revisions(['b', 0], [['a', 100]]), conditions: [{ type: 'PredictorReady', status: 'False', reason: 'OOMKilled', message: 'memory', lastTransitionTime: '' }] }, "Warning CanaryRolledBack the predictor's revision b gets no requests any more, after 10 %: OOMKilled: memory"],
    ['another canary', TEN, revisions(['c', 10], [['a', 90]], { latestRolledoutRevision: 'a' }), "Warning CanaryRolledBack the predictor's revision b gets no requests any more, after 10 %: revision c takes its place"],
    ['a look at which Knative tells no traffic', TEN, { components: { predictor: {} } }, undefined],
    ['a service of one version', revisions(['a', 100]), revisions(['b', 100]), undefined],
    ['a raw canary that ends to answer', canary(true), canary(false), "Warning CanaryRolledBack the predictor's canary next gets no requests any more, after 10 %: not available, so without traffic: iris-next-predictor"],
    ['a raw canary that never answered', canary(false), canary(false, 20), undefined],
    ['a raw canary of a larger share', canary(true), canary(true, 50), undefined],
    ['a raw canary of no share any more', canary(true), canary(true, 0), "Warning CanaryRolledBack the predictor's canary next gets no requests any more, after 10 %: its trafficPercent sends it none"],
    ['a shadow that its gateway mirrors no more', canary(true), { ...canary(true, 0), conditions: [{ type: 'CanaryMirrored', status: 'False', message: 'no mirrors', lastTransitionTime: '' }] }, "Warning CanaryRolledBack the predictor's canary next gets no requests any more, after 10 %: no mirrors"],
    ['a raw canary that gets all', canary(true, 50), canary(true, 100), "Normal CanaryPromoted the predictor's canary next gets all requests, after 50 %"],
    ['a raw canary that is taken away', canary(true), {}, "Warning CanaryRolledBack the predictor's canary next gets no requests any more, after 10 %: it was taken out of the spec"],
    ['a raw canary without traffic that is taken away', canary(true, 0), {}, undefined],
  ])('%s', (_what, before, after, expected) => {
    expect(canaryNews(before, after).map((n) => `${n.type} ${n.reason} ${n.message}`)).toEqual(expected === undefined ? [] : [expected]);
  });

  test('a raw canary whose name is the stable version\'s now was promoted', () => {
    expect(canaryNews(canary(true), {}, 'next')).toEqual([{ type: 'Normal', reason: 'CanaryPromoted', message: "the predictor's canary next is the stable version, after 10 %" }]);
  });
});
