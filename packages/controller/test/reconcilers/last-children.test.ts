import { FIELD_MANAGER, type KubeObject } from 'cdk8s-kserve/api';
import { LastChildren } from '../../src/reconcilers/last-children';

function owner(uid: string): KubeObject {
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ml', uid } };
}

function child(name: string, port: number, manager = FIELD_MANAGER): KubeObject {
  const managedFields = [{ manager, operation: 'Apply', fieldsV1: { 'f:spec': { 'f:port': {} } } }];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'ml', managedFields }, spec: { port, nodePort: 1 } };
}

function applied(name: string, port: number): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'ml' }, spec: { port } };
}

test('those that a valid spec asked for are missed when they are gone, as they were last seen', () => {
  const last = new LastChildren();
  last.remember(owner('1'), [child('a', 0), child('b', 0)], [child('a', 1), child('b', 1), child('left over', 1)]);
  expect(last.missing(owner('1'), [child('a', 2), child('b', 2)])).toEqual([]);
  expect(last.missing(owner('1'), [child('b', 2)])).toEqual([applied('a', 2)]);
  expect(last.missing(owner('1'), [child('b', 2)])).toEqual([applied('a', 2)]);
});

test('without a valid spec they are those of the first look', () => {
  const last = new LastChildren();
  expect(last.missing(owner('1'), [child('a', 1), child('b', 1, 'somebody')])).toEqual([]);
  expect(last.missing(owner('1'), [])).toEqual([applied('a', 1)]);
});

test('another owner of the name knows nothing of them, nor does one that is forgotten', () => {
  const last = new LastChildren();
  last.remember(owner('1'), [child('a', 1)], [child('a', 1)]);
  expect(last.missing(owner('2'), [])).toEqual([]);
  last.remember(owner('1'), [child('a', 1)], [child('a', 1)]);
  last.forget('ml/iris');
  expect(last.missing(owner('1'), [])).toEqual([]);
});
