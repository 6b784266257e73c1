import { IsvcError } from 'cdk8s-kserve/api';
import { compareVersions } from '../../src/model/compare-versions';
import { ModelRepository, type ModelSource } from '../../src/model/model-repository';
import { createServedModel } from '../../src/server/served-model';
import { fakeModel } from '../support/fake-model';

function source(name: string, version?: string, load: () => unknown = () => undefined): ModelSource {
  return {
    name,
    ...(version === undefined ? {} : { version }),
    async load() {
      await load();
      return createServedModel(name, fakeModel(), { version });
    },
  };
}

function repositoryOf(sources: ModelSource[]): ModelRepository {
  return new ModelRepository({ discover: async () => sources });
}

const broken = (): never => {
  throw new IsvcError('ISVC_MODEL_CORRUPT', 'the file ends early', { path: '/mnt/models/b', hint: 'copy it again' });
};

describe('a model repository', () => {
  test('keeps a model that cannot be loaded out of the way of the others, with the cause and without its folder', async () => {
    const repository = repositoryOf([source('a'), source('b', undefined, broken), source('c')]);
    await repository.loadAll();
    expect([...repository.models.keys()]).toEqual(['a', 'c']);
    expect(repository.index()).toEqual([
      { name: 'a', state: 'READY', reason: '' },
      { name: 'b', state: 'UNAVAILABLE', reason: 'ISVC_MODEL_CORRUPT: the file ends early; copy it again' },
      { name: 'c', state: 'READY', reason: '' },
    ]);
    expect(repository.find('b')).toBeUndefined();
    expect(repository.status('b')?.state).toBe('UNAVAILABLE');
    expect(repository.status('none')).toBeUndefined();
  });

  test('answers requests without a version by the highest, and names every one', async () => {
    const repository = repositoryOf([source('m', '9'), source('m', '10'), source('m', 'beta')]);
    await repository.loadAll();
    expect(repository.find('m')?.version).toBe('10');
    expect(['9', '10', 'beta'].map((version) => repository.find('m', version)?.version)).toEqual(['9', '10', 'beta']);
    expect(repository.find('m', '11')).toBeUndefined();
    expect(repository.status('m', '9')).toEqual({ name: 'm', version: '9', state: 'READY', reason: '' });
  });

  test('gives a model without versions as version 1, too', async () => {
    const repository = repositoryOf([source('m')]);
    await repository.loadAll();
    expect(repository.find('m', '1')).toBe(repository.find('m'));
    expect(repository.find('m', '2')).toBeUndefined();
    expect(repository.status('m', '1')).toEqual({ name: 'm', state: 'READY', reason: '' });
  });

  test('loads a model that came later, and forgets versions that are gone', async () => {
    const sources: ModelSource[] = [];
    const repository = repositoryOf(sources);
    await repository.loadAll();
    await expect(repository.load('m')).rejects.toMatchObject({ code: 'ISVC_SERVER_MODEL_UNKNOWN', message: 'Model with name m does not exist.' });
    sources.push(source('m', '1'));
    await repository.load('m');
    sources.splice(0, 1, source('m', '2'));
    await repository.load('m');
    expect(repository.index().map(({ version, state }) => [version, state])).toEqual([['2', 'READY']]);
  });

  test('goes on with the loaded model when a reload fails', async () => {
    let fails = false;
    const repository = repositoryOf([source('m', undefined, () => fails && broken())]);
    await repository.loadAll();
    const before = repository.find('m');
    fails = true;
    await expect(repository.load('m')).rejects.toMatchObject({ code: 'ISVC_SERVER_NOT_READY', message: expect.stringMatching(/^Model with name m is not ready: .*ends early/) });
    expect(repository.find('m')).toBe(before);
    expect(repository.status('m')).toMatchObject({ state: 'READY', reason: expect.stringMatching(/loading it again failed: ISVC_MODEL_CORRUPT/) });
    fails = false;
    await repository.load('m');
    expect(repository.status('m')).toMatchObject({ state: 'READY', reason: '' });
  });

  test('unloads and loads again', async () => {
    const repository = ModelRepository.of([createServedModel('m', fakeModel())]);
    expect(repository.find('m')).toBeDefined();
    await repository.unload('m');
    expect([repository.find('m'), repository.status('m')]).toEqual([undefined, { name: 'm', state: 'UNAVAILABLE', reason: 'unloaded' }]);
    await repository.load('m');
    expect(repository.status('m')?.state).toBe('READY');
    await expect(repository.unload('x')).rejects.toMatchObject({ code: 'ISVC_SERVER_MODEL_UNKNOWN' });
  });

  test('says LOADING while a model is read', async () => {
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => (go = resolve));
    const reached: string[] = [];
    const repository = repositoryOf([source('m', undefined, () => (reached.push('m'), gate))]);
    const loading = repository.loadAll();
    while (reached.length === 0) await Promise.resolve();
    expect(repository.status('m')?.state).toBe('LOADING');
    go();
    await loading;
    expect(repository.status('m')?.state).toBe('READY');
  });

  test('closes what it replaces and what it unloads', async () => {
    const closed: number[] = [];
    let made = 0;
    const load = async (): Promise<ReturnType<typeof createServedModel>> => {
      const number = ++made;
      const model = { kind: 'tensors', platform: 'x', estimator: 'x', inputs: [], outputs: [], infer: () => [], close: async () => void closed.push(number) };
      return { ...createServedModel('m', fakeModel()), model: model as never };
    };
    const repository = repositoryOf([{ name: 'm', load }]);
    await repository.loadAll();
    await repository.load('m');
    expect(closed).toEqual([1]);
    await repository.close();
    expect(closed).toEqual([1, 2]);
  });
});

test('versions are ordered by value, and no version is the highest', () => {
  expect(['10', '9', 'v1', '2'].sort(compareVersions)).toEqual(['v1', '2', '9', '10']);
  // Array.sort never asks about undefined.
  expect([compareVersions(undefined, '9'), compareVersions('9', undefined), compareVersions(undefined, undefined)]).toEqual([1, -1, 0]);
});
