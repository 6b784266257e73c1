import type { ComponentStatus } from 'cdk8s-kserve/api';
import { canaryNews, type CanaryStatus } from '../../src/reconcilers/canary-news';

type Share = readonly [revision: string, percent: number];

/** The predictor's traffic, the latest revision first. */
function revisions(latest: Share, others: readonly Share[] = [], more: Partial<ComponentStatus> = {}): CanaryStatus {
  const traffic = [latest, ...others].map(([revisionName, percent], i) => ({ revisionName, percent, latestRevision: i === 0 }));
  return { components: { predictor: { traffic, ...more } } };
}

function canary(status: 'True' | 'False', message = ''): CanaryStatus {
  return { conditions: [{ type: 'CanaryPredictorReady', status, message, lastTransitionTime: '' }] };
}

const TEN = revisions(['b', 10], [['a', 90]]);

describe('what became of a canary', () => {
  test.each<[string, CanaryStatus | undefined, CanaryStatus, string | undefined]>([
    ['the first look', undefined, TEN, undefined],
    ['its start', revisions(['a', 100]), TEN, undefined],
    ['a larger share', TEN, revisions(['b', 50], [['a', 50]]), undefined],
    ['all the traffic', TEN, revisions(['b', 100]), "Normal CanaryPromoted the predictor's revision b gets all requests, after 10 %"],
    ['none of it, as told', TEN, revisions(['b', 0], [['a', 100]]), "Warning CanaryRolledBack the predictor's revision b gets no requests any more, after 10 %: its canaryTrafficPercent sends it none"],
    ['none of it, with a cause', TEN, { ...revisions(['b', 0], [['a', 100]]), conditions: [{ type: 'PredictorReady', status: 'False', reason: 'OOMKilled', message: 'memory', lastTransitionTime: '' }] }, "Warning CanaryRolledBack the predictor's revision b gets no requests any more, after 10 %: OOMKilled: memory"],
    ['another canary', TEN, revisions(['c', 10], [['a', 90]], { latestRolledoutRevision: 'a' }), "Warning CanaryRolledBack the predictor's revision b gets no requests any more, after 10 %: revision c takes its place"],
    ['a look at which Knative tells no traffic', TEN, { components: { predictor: {} } }, undefined],
    ['a service of one version', revisions(['a', 100]), revisions(['b', 100]), undefined],
    ['a raw canary that ends to answer', canary('True'), canary('False', 'not available, so without traffic: iris-predictor-next'), "Warning CanaryRolledBack the predictor's canary: not available, so without traffic: iris-predictor-next"],
    ['a raw canary that never answered', canary('False', 'x'), canary('False', 'y'), undefined],
    ['a raw canary that is taken away', canary('True'), {}, undefined],
  ])('%s', (_what, before, after, expected) => {
    expect(canaryNews(before, after).map((n) => `${n.type} ${n.reason} ${n.message}`)).toEqual(expected === undefined ? [] : [expected]);
  });
});
