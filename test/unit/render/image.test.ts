import { withVersion } from '../../../src/render/pod/image';

describe('withVersion', () => {
  it.each([
    ['kserve/sklearnserver:latest', '1.2', 'kserve/sklearnserver:1.2'],
    ['kserve/sklearnserver', '1.2', 'kserve/sklearnserver:1.2'],
    ['registry.local:5000/a/b', '2', 'registry.local:5000/a/b:2'],
    ['registry.local:5000/a/b:1', '2', 'registry.local:5000/a/b:2'],
    ['a/b@sha256:abc', '2', 'a/b@sha256:abc'],
  ])('%s with %s is %s', (image, version, expected) => expect(withVersion(image, version)).toBe(expected));
});
