import type { ClusterStorageContainer } from '../../../../src/api';
import { worldOf } from '../../../../src/render';
import { chooseStorageContainer, overlayStorageContainer } from '../../../../src/render/storage/storage-container';

function container(name: string, spec: Partial<ClusterStorageContainer['spec']> = {}, disabled = false): ClusterStorageContainer {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ClusterStorageContainer', metadata: { name }, disabled,
    spec: { container: { name: 'c', image: `${name}:1` }, supportedUriFormats: [{ prefix: 's3://' }], ...spec },
  };
}
const choose = (all: readonly ClusterStorageContainer[], uri: string, name?: string, several = false): string | undefined =>
  chooseStorageContainer(uri, name, several, 'spec.predictor.model', worldOf({ storageContainers: all }))?.container.image;

describe('chooseStorageContainer', () => {
  it('takes the first by name that supports the address', () => expect(choose([container('b'), container('a')], 's3://x')).toBe('a:1'));

  it.each<[string, ClusterStorageContainer]>([
    ['is disabled', container('a', {}, true)],
    ['is for another work', container('a', { workloadType: 'localModelDownloadJob' })],
    ['supports other addresses', container('a', { supportedUriFormats: [{ prefix: 'gs://' }, { regex: 'https://.+' }] })],
    ['has an expression of another dialect', container('a', { supportedUriFormats: [{ regex: '(?P<x>s3)' }] })],
  ])('passes over one that %s', (_what, one) => expect(choose([one], 's3://x')).toBeUndefined());

  it('matches by expression, and by prefix where both are set', () => {
    expect(choose([container('a', { supportedUriFormats: [{ regex: 'https://(.+?).blob/(.+)' }] })], 'https://x.blob/y')).toBe('a:1');
    expect(choose([container('a', { supportedUriFormats: [{ prefix: 'gs://', regex: '.*' }] })], 's3://x')).toBeUndefined();
  });

  it('wants one that takes several sources for several sources', () => {
    expect(choose([container('a')], 's3://x', undefined, true)).toBeUndefined();
    expect(choose([container('a', { supportsMultiModelDownload: true })], 's3://x', undefined, true)).toBe('a:1');
  });

  it('says why a named one cannot do it', () => {
    expect(() => choose([container('a')], 's3://x', 'b')).toThrow('no ClusterStorageContainer is called "b"');
    expect(() => choose([container('a')], 'gs://x', 'a')).toThrow('ClusterStorageContainer "a" does not support "gs://x"');
  });
});

describe('overlayStorageContainer', () => {
  it('keeps the name and the addresses of the generated container', () => {
    const merged = overlayStorageContainer({ name: 'storage-initializer', image: 'ours', args: ['s3://x', '/mnt/models'] }, { name: 'c', image: 'theirs', args: ['nothing'], env: [{ name: 'A', value: 'b' }] });
    expect(merged).toEqual({ name: 'storage-initializer', image: 'theirs', args: ['s3://x', '/mnt/models'], env: [{ name: 'A', value: 'b' }] });
  });
});
