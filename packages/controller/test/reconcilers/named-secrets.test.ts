import type { InferenceService } from 'cdk8s-kserve/api';
import { render, worldOf } from 'cdk8s-kserve/render';
import { namedSecrets } from '../../src/reconcilers/named-secrets';

const world = worldOf({
  serviceAccounts: [
    { namespace: 'ns', name: 'default', annotations: {}, secrets: ['common'] },
    { namespace: 'ns', name: 'trainer', annotations: {}, secrets: ['keys', 'more'] },
  ],
});

function service(predictor: object, annotations: Record<string, string> = {}): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'iris', namespace: 'ns', annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment', ...annotations } },
    spec: { predictor: predictor as InferenceService['spec']['predictor'] },
  };
}

const model = (source: object): object => ({ model: { modelFormat: { name: 'sklearn' }, ...source } });

describe('secrets that a service is read for', () => {
  it.each<[string, InferenceService, readonly string[]]>([
    ['a claim needs none, whatever its account lists', service(model({ storageUri: 'pvc://models/iris' })), []],
    ['a bucket needs those of the account default', service(model({ storageUri: 's3://m/iris' })), ['common']],
    ['a bucket needs those of the account that the pod has', service({ ...model({ storageUri: 's3://m/iris' }), serviceAccountName: 'trainer' }), ['keys', 'more']],
    ['an account that is not there has none', service({ ...model({ storageUri: 's3://m/iris' }), serviceAccountName: 'nobody' }), []],
    ['an annotation names another one instead', service(model({ storageUri: 's3://m/iris' }), { 'serving.kserve.io/storageSecretName': 'own' }), ['own']],
    ['a storage block needs the storage secret of the namespace', service(model({ storage: { path: 'iris', parameters: { type: 's3', bucket: 'm' } } })), ['common', 'storage-config']],
  ])('%s', (_what, given, expected) => {
    expect(namedSecrets(given, render(given, world).children, world)).toEqual(expected);
  });
});
