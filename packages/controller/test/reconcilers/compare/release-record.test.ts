import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { KubeApiError } from '../../../src/kube/kube-api-error';
import type { KubeApi } from '../../../src/kube/kube-api';
import { releaseFromKserve, releaseLeftover } from '../../../src/reconcilers/compare/release-record';

const ME = 'cdk8s-kserve';
const IMAGE = { 'f:spec': { 'f:image': {} } };
const OURS = { manager: ME, operation: 'Apply', fieldsV1: IMAGE };
const KSERVE = { manager: 'manager', operation: 'Update', fieldsV1: { 'f:spec': { '.': {}, 'f:image': {}, 'f:args': {} } } };
const NAMESAKE = { ...KSERVE, fieldsV1: { 'f:spec': { '.': {}, 'f:args': {} } } };
const STATUS = { ...KSERVE, subresource: 'status' };
const USER = { ...KSERVE, manager: 'kubectl-edit' };

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
    expect((await releaseFromKserve(live, ME, api)).metadata.managedFields).toEqual([OURS, STATUS, USER]);
  });

  it('is looked at again when the child changed meanwhile', async () => {
    const { api, patches } = serverOf(child('9', KSERVE, OURS, STATUS));
    expect((await releaseFromKserve(child('7', KSERVE, OURS), ME, api)).metadata.managedFields).toEqual([OURS, STATUS]);
    expect(patches).toHaveLength(2);
  });

  it('is not written where KServe has no part in it, or the child is gone', async () => {
    const others = child('7', OURS, USER);
    expect(await releaseFromKserve(others, ME, serverOf(others).api)).toBe(others);
    const gone = child('7', KSERVE, OURS);
    expect(await releaseFromKserve(gone, ME, serverOf(undefined).api)).toBe(gone);
  });

  it('keeps an operator of that name that owns other fields', async () => {
    const live = child('7', OURS, NAMESAKE);
    expect(await releaseFromKserve(live, ME, serverOf(live).api)).toBe(live);
  });

  it('is read whole where the cache shows that KServe is left in it, and not read where it does not', async () => {
    const { api, patches } = serverOf(child('7', USER, KSERVE, OURS));
    await releaseLeftover(child('7', OURS, KSERVE), ME, api);
    expect(patches).toEqual([{ metadata: { managedFields: [USER, OURS], resourceVersion: '7' } }]);
    await releaseLeftover(child('7', OURS), ME, { get: () => Promise.reject(new Error('asked in vain')) } as unknown as KubeApi);
  });
});
