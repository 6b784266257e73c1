import type { KubeApi } from '../../src/kube/kube-api';
import { fencedKubeApi } from '../../src/leader/fenced-kube-api';

const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'c', namespace: 'ns' };
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'ns' } };

const WRITES: readonly (readonly [string, (api: KubeApi) => Promise<unknown>])[] = [
  ['create', (api) => api.create(object)],
  ['replace', (api) => api.replace(object)],
  ['apply', (api) => api.apply(object, { fieldManager: 'm' })],
  ['applyStatus', (api) => api.applyStatus(object, { fieldManager: 'm' })],
  ['replaceStatus', (api) => api.replaceStatus(object)],
  ['mergePatch', (api) => api.mergePatch(ref, {})],
  ['delete', (api) => api.delete(ref)],
];

/** An API that notes what reached it. */
function recorder(): { readonly api: KubeApi; readonly calls: string[] } {
  const calls: string[] = [];
  const api = new Proxy({}, { get: (_target, verb: string) => () => Promise.resolve(calls.push(verb)) }) as KubeApi;
  return { api, calls };
}

test.each(WRITES)('%s is sent while the lease is ours, and refused afterwards', async (verb, write) => {
  const { api, calls } = recorder();
  let ours = true;
  const fenced = fencedKubeApi(api, () => ours);
  await write(fenced);
  ours = false;
  await expect(write(fenced)).rejects.toMatchObject({ code: 'ISVC_KUBE_LEASE_LOST' });
  expect(calls).toEqual([verb]);
});

test('reads go on', async () => {
  const { api, calls } = recorder();
  await fencedKubeApi(api, () => false).get(ref);
  expect(calls).toEqual(['get']);
});
