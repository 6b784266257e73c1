import { LABEL, type KubeObject, type ObjectMeta } from 'cdk8s-kserve/api';
import { controlledBy, isLeaving, obstacle } from '../../src/reconcilers/ownership';

const service: KubeObject = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ml', uid: 'u1' } };

function live(metadata: Partial<ObjectMeta>): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'iris-predictor', ...metadata } };
}

function owner(uid: string, name = 'iris', kind = 'InferenceService'): Partial<ObjectMeta> {
  return { ownerReferences: [{ apiVersion: 'serving.kserve.io/v1beta1', kind, name, uid, controller: true }] };
}

test('a child is controlled by its service and otherwise as it was', () => {
  const child = live({ labels: { a: 'b' } });
  const { ownerReferences = [], ...metadata } = controlledBy(child, service).metadata;
  expect(ownerReferences[0]).toMatchObject({ kind: 'InferenceService', name: 'iris', uid: 'u1', controller: true, blockOwnerDeletion: true });
  expect(metadata).toEqual(child.metadata);
});

test.each<[string, Partial<ObjectMeta>, RegExp | undefined]>([
  ['our own child', owner('u1'), undefined],
  ['an orphan with the label of the service', { labels: { [LABEL.inferenceService]: 'iris' } }, undefined],
  ['an orphan of another service', { labels: { [LABEL.inferenceService]: 'rose' } }, /was not made for this InferenceService/],
  ['somebody\'s own object', {}, /was not made for this InferenceService/],
  ['another service\'s child', owner('u2', 'rose'), /belongs to InferenceService rose/],
  ['a child of another kind of owner', owner('u1b', 'iris', 'Helm'), /belongs to Helm iris/],
])('what stands in the way of %s', (_who, metadata, expected) => {
  const found = obstacle(live(metadata), service);
  if (expected) {
    expect(found).toMatch(expected);
  } else {
    expect(found).toBeUndefined();
  }
});

test.each<[string, Partial<ObjectMeta>, boolean]>([
  ['deleted', { ...owner('u1'), deletionTimestamp: '2026-01-01T00:00:00Z' }, true],
  ['of an earlier service of the same name', owner('u0'), true],
  ['of this service', owner('u1'), false],
  ['of another service', owner('u2', 'rose'), false],
  ['of nobody', {}, false],
])('an object %s: leaving is %s', (_which, metadata, expected) => {
  expect(isLeaving(live(metadata), service)).toBe(expected);
});
