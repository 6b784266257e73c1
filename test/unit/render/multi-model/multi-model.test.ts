import type { InferenceService, TrainedModel } from '../../../../src/api';
import { admitModels, isMultiModel, render, worldOf } from '../../../../src/render';

function service(model: object = {}, memory = '512Mi'): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'many', namespace: 'models', annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, resources: { limits: { memory } }, ...model } } },
  };
}

function trained(name: string, memory: string, creationTimestamp?: string, namespace = 'models'): TrainedModel {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1', kind: 'TrainedModel', metadata: { name, namespace, ...(creationTimestamp ? { creationTimestamp } : {}) },
    spec: { inferenceService: 'many', model: { framework: 'sklearn', storageUri: `s3://models/${name}`, memory } },
  };
}

describe('a predictor of several models', () => {
  it.each<[string, InferenceService['spec']['predictor'], boolean]>([
    ['a format without an address', { model: { modelFormat: { name: 'sklearn' } } }, true],
    ['a model', { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m' } }, false],
    ['a model by key', { model: { modelFormat: { name: 'sklearn' }, storage: { path: 'm' } } }, false],
    ['a server that brings its model along', { model: { modelFormat: { name: 'huggingface' } } }, false],
    ['a custom container', { containers: [{ name: 'kserve-container', image: 'x' }] }, false],
    ['a custom container that says so', { containers: [{ name: 'kserve-container', image: 'x', env: [{ name: 'MULTI_MODEL_SERVER', value: 'true' }] }] }, true],
  ])('%s', (_what, predictor, expected) => expect(isMultiModel(predictor)).toBe(expected));
});

describe('models that share a memory limit', () => {
  const names = (models: readonly TrainedModel[]): readonly string[] => models.map((m) => m.metadata.name);

  it('fit while there is room, the oldest first', () => {
    const models = [trained('new', '400Mi', '2026-02-01T00:00:00Z'), trained('old', '256Mi', '2026-01-01T00:00:00Z'), trained('small', '200Mi', '2026-03-01T00:00:00Z')];
    const { admitted, refused } = admitModels(service(), models);
    expect([names(admitted), names(refused)]).toEqual([['old', 'small'], ['new']]);
  });

  it('fit all without a limit', () => {
    expect(names(admitModels({ ...service(), spec: { predictor: { model: { modelFormat: { name: 'sklearn' } } } } }, [trained('a', '9Ti')]).admitted)).toEqual(['a']);
  });

  it('come from the namespace of the service only, and one that does not fit is told', () => {
    const { children, decisions } = render(service(), worldOf({ trainedModels: [trained('b', '512Mi'), trained('a', '128Mi'), trained('other', '1Mi', undefined, 'elsewhere')] }));
    expect((children[0]?.['data'] as Record<string, string>)['models.json']).toBe('[{"modelName":"a","modelSpec":{"framework":"sklearn","memory":"128Mi","storageUri":"s3://models/a"}}]');
    expect(decisions.map((d) => d.choice)).toContain('not loaded: b');
  });
});
