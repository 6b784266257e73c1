import fc from 'fast-check';
import type { Component } from '../../../../src/render/component';
import { revisionTraffic } from '../../../../src/render/serverless/traffic';

function component(percent: number | undefined, annotations: Record<string, string> = {}): Component {
  const extension = percent === undefined ? {} : { canaryTrafficPercent: percent };
  return { role: 'predictor', name: 'iris-predictor', namespace: 'ns', extension, pod: { containers: [] }, metadata: { labels: {}, annotations }, agent: false, path: 'spec.predictor' };
}

describe('revisionTraffic', () => {
  it.each([[undefined, 'r1'], [100, 'r1'], [20, undefined]])('share %s with %s before sends everything to the latest', (percent, before) => {
    expect(revisionTraffic(component(percent), before).traffic).toEqual([{ latestRevision: true, percent: 100 }]);
  });

  it('says why a first revision gets everything', () => expect(revisionTraffic(component(20), undefined).decision?.because).toContain('there is none yet'));

  it('tags what it splits', () => {
    expect(revisionTraffic(component(0, { 'serving.kserve.io/enable-tag-routing': 'true' }), 'r1').traffic).toEqual([
      { latestRevision: true, percent: 0, tag: 'latest' }, { latestRevision: false, percent: 100, revisionName: 'r1', tag: 'prev' },
    ]);
  });

  it('always adds up to 100', () => {
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }), fc.option(fc.constant('r1'), { nil: undefined }), (percent, before) => {
        expect(revisionTraffic(component(percent), before).traffic.reduce((sum, t) => sum + t.percent, 0)).toBe(100);
      }),
    );
  });
});
