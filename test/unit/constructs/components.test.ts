import { App, Chart } from 'cdk8s';
import type { KubeObject } from '../../../src/api';
import { Credentials, InferenceService, ModelFormat, Platform, Scale, Storage, type InferenceServiceProps } from '../../../src';

function synth(props: InferenceServiceProps): KubeObject[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'team' });
  Platform.of(chart, { mode: 'RawDeployment' });
  new InferenceService(chart, 'iris', props);
  return chart.toJson() as KubeObject[];
}
const specOf = (props: InferenceServiceProps): unknown => synth(props).find((o) => o.kind === 'InferenceService')?.['spec'];
const predictor = { modelFormat: 'sklearn', storageUri: 's3://m/iris' };

describe('Storage', () => {
  it.each<[Storage, string]>([
    [Storage.s3('models/iris'), 's3://models/iris'],
    [Storage.gcs('models/iris'), 'gs://models/iris'],
    [Storage.azure({ account: 'models', container: 'c', path: 'p' }), 'https://models.blob.core.windows.net/c/p'],
    [Storage.http('https://example.com/m.tar.gz'), 'https://example.com/m.tar.gz'],
    [Storage.hf('org/model', { revision: 'v1' }), 'hf://org/model:v1'],
    [Storage.oci('example/model:1'), 'oci://example/model:1'],
    [Storage.pvc('claim', 'sub'), 'pvc://claim/sub'],
    [Storage.file('/mnt/x'), 'file:///mnt/x'],
  ])('writes %s as KServe spells it', (storage, uri) => {
    expect(specOf({ predictor: { ...predictor, storageUri: storage } })).toMatchObject({ predictor: { model: { storageUri: uri } } });
  });
});

describe('Scale', () => {
  it.each<[string, Scale, object]>([
    ['cpu', Scale.cpu(65), { scaleMetric: 'cpu', scaleTarget: 65 }],
    ['memory', Scale.memory(70), { scaleMetric: 'memory', scaleTarget: 70 }],
  ])('by %s', (_what, scale, fields) => expect(specOf({ predictor: { ...predictor, scale } })).toMatchObject({ predictor: fields }));

  it('by concurrency in serverless mode', () => {
    expect(specOf({ mode: 'Serverless', predictor: { ...predictor, scale: Scale.concurrency(5) } })).toMatchObject({ predictor: { scaleMetric: 'concurrency', scaleTarget: 5 } });
  });
});

describe('ModelFormat', () => {
  it('carries a version', () => {
    expect(specOf({ predictor: { ...predictor, modelFormat: ModelFormat.xgboost('2') } })).toMatchObject({ predictor: { model: { modelFormat: { name: 'xgboost', version: '2' } } } });
  });
});

describe('Credentials', () => {
  it('name an existing service account', () => {
    expect(specOf({ predictor: { ...predictor, credentials: Credentials.serviceAccount('reader') } })).toMatchObject({ predictor: { serviceAccountName: 'reader' } });
  });

  it('make a service account that refers to a secret, without its values', () => {
    const objects = synth({ predictor: { ...predictor, credentials: Credentials.fromSecret('s3-key') } });
    const account = objects.find((o) => o.kind === 'ServiceAccount');
    expect(account?.['secrets']).toEqual([{ name: 's3-key' }]);
    expect(objects.find((o) => o.kind === 'InferenceService')?.['spec']).toMatchObject({ predictor: { serviceAccountName: account?.metadata.name } });
    expect(objects.some((o) => o.kind === 'Secret')).toBe(false);
  });
});

describe('transformer and explainer', () => {
  it('are one container each, in flat fields', () => {
    expect(specOf({ predictor, transformer: { image: 'team/features:1', minReplicas: 2, env: [{ name: 'A', value: '1' }] }, explainer: { image: 'team/explain:1' } })).toMatchObject({
      transformer: { minReplicas: 2, containers: [{ name: 'kserve-container', image: 'team/features:1', env: [{ name: 'A', value: '1' }] }] },
      explainer: { containers: [{ image: 'team/explain:1' }] },
    });
  });

  it('refuse a container that is described twice', () => {
    expect(() => synth({ predictor, transformer: { image: 'x', containers: [{ name: 'kserve-container', image: 'y' }] } })).toThrow('describe the container twice');
  });

  it('are expanded with the predictor', () => {
    const names = synth({ predictor, transformer: { image: 'team/features:1' }, output: 'expand' }).filter((o) => o.kind === 'Deployment').map((o) => o.metadata.name);
    expect(names.sort()).toEqual(['iris-predictor', 'iris-transformer']);
  });
});
