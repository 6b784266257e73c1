import { FIELD_MANAGER, type KubeObject } from 'cdk8s-kserve/api';
import { adopting } from '../../../src/reconcilers/compare/adopting';

const container = { name: 'kserve-container', image: 'team/server:1' };
const desired = deployment({ enableServiceLinks: false, containers: [{ ...container, terminationMessagePolicy: 'FallbackToLogsOnError' }] });
const kserves = deployment({ containers: [{ ...container, terminationMessagePolicy: 'File' }] });
const record = [{ manager: FIELD_MANAGER, operation: 'Apply', apiVersion: 'apps/v1', fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': { 'f:enableServiceLinks': {} } } } } }];

function deployment(spec: object): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'iris-predictor', namespace: 'ml' }, spec: { template: { spec } } };
}

test('the Deployment that somebody else made is taken over without our habits, so that its pods stay', () => {
  expect(adopting(desired, kserves)).toEqual(deployment({ containers: [container] }));
});

test.each<[string, KubeObject, KubeObject | undefined]>([
  ['a Deployment that is not there yet', desired, undefined],
  ['one that has our habits already', desired, { ...kserves, metadata: { ...kserves.metadata, managedFields: record } }],
  ['one whose pods restart anyway', desired, deployment({ containers: [{ ...container, image: 'team/server:0' }] })],
  ['a child of another kind', { ...desired, kind: 'ReplicaSet' }, kserves],
])('%s gets all that is rendered', (_what, wanted, live) => {
  expect(adopting(wanted, live)).toBe(wanted);
});
