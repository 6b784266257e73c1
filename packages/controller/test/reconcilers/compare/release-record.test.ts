import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { KubeApiError } from '../../../src/kube/kube-api-error';
import type { KubeApi } from '../../../src/kube/kube-api';
import { isUnclaimed, releaseFromKserve } from '../../../src/reconcilers/compare/release-record';

const OURS = { manager: 'cdk8s-kserve', operation: 'Apply' };
const KSERVE = { manager: 'manager', operation: 'Update' };
const STATUS = { manager: 'manager', operation: 'Update', subresource: 'status' };
const USER = { manager: 'kubectl-edit', operation: 'Update' };

function child(resourceVersion: string, ...managedFields: readonly object[]): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'iris-predictor', namespace: 'models', resourceVersion, managedFields } };
}

/** An API server that has `live` and refuses patches of other versions. */
function serverOf(live: KubeObject | undefined): { readonly api: KubeApi; readonly patches: unknown[] } {
  const patches: unknown[] = [];
  const api = {
    get: () => Promise.resolve(live),
    mergePatch(ref: ObjectRef, patch: { readonly metadata: { readonly resourceVersion: string } }) {
      patches.push(patch);
      if (patch.metadata.resourceVersion !== live?.metadata.resourceVersion) return Promise.reject(new KubeApiError({ request: ref.name, statusCode: 409, reason: 'Conflict' }));
      return Promise.resolve({ ...live, metadata: { ...live.metadata, ...patch.metadata } });
    },
  };
  return { api: api as unknown as KubeApi, patches };
}

describe('the record of a child that KServe made', () => {
  it('loses what KServe wrote into the object, and nobody else', async () => {
    const live = child('7', KSERVE, OURS, STATUS, USER);
    const { api } = serverOf(live);
    expect((await releaseFromKserve(live, api)).metadata.managedFields).toEqual([OURS, STATUS, USER]);
  });

  it('is looked at again when the child changed meanwhile', async () => {
    const { api, patches } = serverOf(child('9', KSERVE, OURS, STATUS));
    expect((await releaseFromKserve(child('7', KSERVE, OURS), api)).metadata.managedFields).toEqual([OURS, STATUS]);
    expect(patches).toHaveLength(2);
  });

  it('is not written where KServe has no part in it, or the child is gone', async () => {
    const others = child('7', OURS, USER);
    expect(await releaseFromKserve(others, serverOf(others).api)).toBe(others);
    const gone = child('7', KSERVE, OURS);
    expect(await releaseFromKserve(gone, serverOf(undefined).api)).toBe(gone);
  });

  it.each([
    ['nothing of ours', child('1', KSERVE), true],
    ['an apply of ours', child('1', KSERVE, OURS), false],
    ['no record', { ...child('1'), metadata: { name: 'x' } }, false],
  ])('with %s', (_what, live, expected) => expect(isUnclaimed(live, 'cdk8s-kserve')).toBe(expected));
});
