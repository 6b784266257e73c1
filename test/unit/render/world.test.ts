import { BUILT_IN_RUNTIMES, type KubeObject } from '../../../src/api';
import { worldFromObjects } from '../../../src/render';

const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'store', namespace: 'ns' }, data: { HF_TOKEN: 'c2VjcmV0' }, stringData: { AWS_SECRET_ACCESS_KEY: 'top-secret' } };

describe('worldFromObjects', () => {
  it('keeps the keys of a secret and never a value', () => {
    const { world } = worldFromObjects([secret]);
    expect(world.secrets).toEqual([{ namespace: 'ns', name: 'store', annotations: {}, keys: ['HF_TOKEN', 'AWS_SECRET_ACCESS_KEY'] }]);
    expect(JSON.stringify(world)).not.toMatch(/c2VjcmV0|top-secret/);
  });

  it('reads the secrets that an account lists', () => {
    const account: KubeObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'sa', namespace: 'ns' }, secrets: [{ name: 'a' }, {}] };
    expect(worldFromObjects([account]).world.serviceAccounts).toEqual([{ namespace: 'ns', name: 'sa', annotations: {}, secrets: ['a'] }]);
  });

  it('takes a folder without accounts, secrets and services as silent about them', () => {
    expect(Object.keys(worldFromObjects([]).world).sort()).toEqual(['config', 'runtimes', 'storageContainers']);
  });

  it('lets a given runtime stand for the built-in one of its name', () => {
    const own = { ...(BUILT_IN_RUNTIMES[0] as KubeObject), spec: { containers: [{ name: 'kserve-container', image: 'mine' }] } };
    const { world } = worldFromObjects([own]);
    expect(world.runtimes.length).toBe(BUILT_IN_RUNTIMES.length);
    expect(world.runtimes.find((r) => r.metadata.name === own.metadata.name)?.spec.containers[0]?.image).toBe('mine');
  });
});
