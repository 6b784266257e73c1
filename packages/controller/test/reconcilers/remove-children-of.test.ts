import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { silentLog } from '../../src/engine/log';
import type { KubeApi } from '../../src/kube/kube-api';
import type { ClusterCache } from '../../src/reconcilers/cluster-cache';
import { removeChildrenOf } from '../../src/reconcilers/remove-children-of';

function child(name: string, ownerUid: string | undefined, more: object = {}): KubeObject {
  const ownerReferences = ownerUid ? [{ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', name: 'iris', uid: ownerUid, controller: true }] : [];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'ml', uid: `uid-of-${name}`, ownerReferences, ...more } };
}

test.each<[string, KubeObject | undefined, readonly unknown[]]>([
  ['is removed, and only that very object', child('a', 'gone'), [['a', 'uid-of-a']]],
  ['is left alone when it was orphaned on purpose', child('a', undefined), []],
  ['is left alone when it belongs to a new service of the name', child('a', 'new'), []],
  ['is left to whoever removes it already', child('a', 'gone', { deletionTimestamp: '2026-01-01T00:00:00Z' }), []],
  ['may be gone', undefined, []],
])('a child of an owner that is gone %s', async (_what, live, expected) => {
  const deleted: unknown[] = [];
  const api = {
    get: async () => live,
    delete: async (ref: ObjectRef, options: { uid?: string }) => {
      deleted.push([ref.name, options.uid]);
      return true;
    },
  } as unknown as KubeApi;
  const cache = { byIndex: (_role: string, _index: string, uid: string) => (uid === 'gone' ? [child('a', 'gone')] : []) } as unknown as ClusterCache;
  await removeChildrenOf('gone', { api, cache, log: silentLog });
  expect(deleted).toEqual(expected);
});
