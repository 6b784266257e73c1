import { validateClusterStorageContainer, type ClusterStorageContainer } from '../../../../src/api';

function container(spec: object): ClusterStorageContainer {
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ClusterStorageContainer', metadata: { name: 'c' }, spec: { container: { name: 'c', image: 'x' }, supportedUriFormats: [{ prefix: 's3://' }], ...spec } } as ClusterStorageContainer;
}

describe('validateClusterStorageContainer', () => {
  it.each<[string, object, readonly string[]]>([
    ['a good one', {}, []],
    ['no formats', { supportedUriFormats: [] }, ['spec.supportedUriFormats']],
    ['a format that says nothing', { supportedUriFormats: [{}] }, ['spec.supportedUriFormats[0]']],
    ['an expression that is none', { supportedUriFormats: [{ regex: '(' }] }, ['spec.supportedUriFormats[0].regex']],
    ['a container without an image', { container: { name: 'c' } }, ['spec.container.image']],
    ['an unknown work', { workloadType: 'job' }, ['spec.workloadType']],
  ])('%s', (_what, spec, paths) => expect(validateClusterStorageContainer(container(spec)).map((p) => p.path)).toEqual(paths));
});
