import type { KubeObject } from 'cdk8s-kserve/api';
import { immutableChange } from '../../../src/reconcilers/compare/immutable-change';

const deployment = (matchLabels: object, labels: object = matchLabels): KubeObject => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'iris' }, spec: { selector: { matchLabels }, template: { metadata: { labels } } },
});
const service = (kind = 'Service'): KubeObject => ({ apiVersion: 'v1', kind, metadata: { name: 'iris' }, spec: { clusterIP: 'None' } });

test.each([
  ['the same selector', deployment({ app: 'a' }), deployment({ app: 'a' }), undefined],
  ['the same labels in another order', deployment({ app: 'a', b: 'c' }), deployment({ b: 'c', app: 'a' }), undefined],
  ['a wider selector, which finds the pods', deployment({ app: 'a' }), deployment({ app: 'a', era: 'old' }), 'hand over'],
  ['a narrower selector, whose label the pods have', deployment({ app: 'a', b: 'c' }), deployment({ app: 'a' }, { app: 'a', b: 'c' }), 'hand over'],
  ['a selector that does not find the pods', deployment({ app: 'a' }), deployment({ app: 'b' }), 'stuck'],
])('%s', (_what, desired, live, way) => {
  expect(immutableChange(desired, live, ['spec.template'])?.way).toBe(way);
});

test('a Service is replaced for its clusterIP alone', () => {
  expect(immutableChange(service(), service(), ['spec.clusterIP'])).toEqual({ path: 'spec.clusterIP', way: 'replace' });
  expect(immutableChange(service(), service(), ['spec.ports'])).toBeUndefined();
  expect(immutableChange(service('Endpoints'), service('Endpoints'), ['spec.clusterIP'])).toBeUndefined();
});
