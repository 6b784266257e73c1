import { repositoryOf, resolveImage, standardImages } from '../../src/kubelet/images';

const TABLE = standardImages();

test.each([
  ['name', 'name'],
  ['org/name:tag', 'org/name'],
  ['registry:5000/org/name', 'registry:5000/org/name'],
  ['registry:5000/org/name:1.2@sha256:0123', 'registry:5000/org/name'],
])('the repository of %s is %s', (image, expected) => {
  expect(repositoryOf(image)).toBe(expected);
});

test.each([
  ['our image as it is', { image: 'ghcr.io/cdk8s-kserve/runtime:0.1', args: ['serve', '--x'] }, ['serve', '--x'], '--http_port', undefined],
  ['our image with its command spelled out', { image: 'cdk8s-kserve/runtime', command: ['isvc-runtime', 'fetch'], args: ['a', 'b'] }, ['fetch', 'a', 'b'], undefined, undefined],
  ['the sklearn server of KServe', { image: 'docker.io/kserve/sklearnserver:v0.20.0', args: ['--model_name=iris'] }, ['serve', '--model_name=iris'], '--http_port', 'isvc-runtime serve'],
  ['its command spelled out', { image: 'kserve/sklearnserver', command: ['python', '-m', 'sklearnserver'], args: ['--model_name=iris'] }, ['serve', '--model_name=iris'], '--http_port', 'isvc-runtime serve'],
  ['the storage initializer', { image: 'kserve/storage-initializer:v0.20.0', args: ['s3://a', '/mnt/models'] }, ['fetch', 's3://a', '/mnt/models'], undefined, 'isvc-runtime fetch'],
])('%s becomes a process', (_what, container, words, portFlag, note) => {
  const resolved = resolveImage({ name: 'main', ...container }, TABLE);
  if (!resolved.runnable) throw new Error(resolved.message);
  expect([...resolved.exec, ...resolved.args].slice(2)).toEqual(words);
  expect(resolved.exec[0]).toBe(process.execPath);
  expect(resolved.portFlag).toBe(portFlag);
  expect(resolved.note ?? '').toContain(note ?? '');
});

test.each([
  ['another image', { image: 'evil/cdk8s-kserve-runtime' }, 'it runs cdk8s-kserve/runtime, kserve/sklearnserver, kserve/xgbserver, kserve/lgbserver, kserve/storage-initializer'],
  ['a repository that only ends alike', { image: 'notkserve/sklearnserver' }, 'cannot run image'],
  ['a shell in our image', { image: 'cdk8s-kserve/runtime', command: ['sh', '-c', 'ls'] }, 'cannot run command ["sh","-c","ls"]'],
])('%s is refused with the reason', (_what, container, message) => {
  const resolved = resolveImage({ name: 'main', ...container }, TABLE);
  expect(resolved).toMatchObject({ runnable: false, reason: 'ImageNotRunnable', message: expect.stringContaining(message) as string });
});
