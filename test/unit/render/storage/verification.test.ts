import { render, worldFromObjects } from '../../../../src/render';
import type { InferenceService, KubeObject, StringMap } from '../../../../src/api';

const DIGESTS = 'serving.cdk8s-kserve.io/model-digests';
const SIGNERS = 'serving.cdk8s-kserve.io/model-signers';
const SIGNATURE = 'serving.cdk8s-kserve.io/model-signature';

interface Asked { readonly predictor: object; readonly annotations: StringMap }

function iris({ predictor, annotations }: Asked): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'iris', namespace: 'models', annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment', ...annotations } },
    spec: { predictor },
  } as unknown as InferenceService;
}

const model = (storageUri: string): object => ({ model: { modelFormat: { name: 'sklearn' }, storageUri } });
const several = (...uris: readonly string[]): object => ({ model: { modelFormat: { name: 'sklearn' } }, storageUris: uris.map((uri, i) => ({ uri, mountPath: `/mnt/models/${i}` })) });

function fetcherArgs(asked: Asked): readonly string[] {
  const { children, problems } = render(iris(asked), worldFromObjects([]).world);
  expect(problems.filter((p) => p.severity === 'error')).toEqual([]);
  const deployment = children.find((c) => c.kind === 'Deployment') as KubeObject & { spec: { template: { spec: { initContainers: readonly { args: readonly string[] }[] } } } };
  return deployment.spec.template.spec.initContainers[0]?.args ?? [];
}

function errorsOf(asked: Asked): readonly string[] {
  return render(iris(asked), worldFromObjects([]).world).problems.filter((p) => p.severity === 'error').map((p) => `${p.path}: ${p.message}; ${p.hint} [${p.code}]`);
}

describe('annotations of verification', () => {
  it('become options after the addresses, where a fetcher that knows none of them fails', () => {
    expect(fetcherArgs({ predictor: model('s3://m/iris'), annotations: { [DIGESTS]: 'sums/iris.txt', [SIGNERS]: 'team', [SIGNATURE]: 'meta/iris.sig' } })).toEqual([
      's3://m/iris', '/mnt/models', '--digests=/mnt/model-verification/digests/iris.txt', '--signers=/mnt/model-verification/signers/signers.pem', '--signature=meta/iris.sig',
    ]);
  });

  it('of a component count instead of the service\'s, and an empty one is none', () => {
    const annotations = { [DIGESTS]: 'sums' };
    expect(fetcherArgs({ predictor: { ...model('s3://m/iris'), annotations: { [DIGESTS]: 'others' } }, annotations })[2]).toBe('--digests=/mnt/model-verification/digests/SHA256SUMS');
    expect(fetcherArgs({ predictor: { ...model('s3://m/iris'), annotations: { [DIGESTS]: '' } }, annotations })).toEqual(['s3://m/iris', '/mnt/models']);
  });

  it('may name signers for several models, each with its signature in it', () => {
    expect(fetcherArgs({ predictor: several('s3://m/a', 's3://m/b'), annotations: { [SIGNERS]: 'team' } })).toEqual([
      's3://m/a', '/mnt/models/0', 's3://m/b', '/mnt/models/1', '--signers=/mnt/model-verification/signers/signers.pem',
    ]);
  });

  it.each<[string, Asked, RegExp]>([
    ['digests of several models', { predictor: several('s3://m/a', 's3://m/b'), annotations: { [DIGESTS]: 'sums' } }, /model-digests"\]: is of one model, but 2 are fetched together/],
    ['one signature of several models', { predictor: several('s3://m/a', 's3://m/b'), annotations: { [SIGNERS]: 'team', [SIGNATURE]: 'configmap://sig' } }, /model-signature"\]: is of one model/],
    ['a claim', { predictor: model('pvc://claim/iris'), annotations: { [DIGESTS]: 'sums' } }, /"pvc:\/\/claim\/iris" is mounted, not fetched, so annotation .*model-digests cannot be kept; .*\[ISVC_RENDER_STORAGE\]/],
    ['a claim beside a store', { predictor: several('s3://m/a', 'pvc://claim/b'), annotations: { [SIGNERS]: 'team' } }, /"pvc:\/\/claim\/b" is mounted/],
    ['a model image that is mounted', { predictor: model('oci+native://registry.example/iris:1'), annotations: { [SIGNERS]: 'team' } }, /is mounted, .*; write oci\+fetch:\/\/registry\.example\/iris:1/],
    ['no name', { predictor: model('s3://m/iris'), annotations: { [DIGESTS]: 'a/b/c' } }, /must read CONFIGMAP or CONFIGMAP\/KEY, got "a\/b\/c"; .*"SHA256SUMS" is read \[ISVC_API_INVALID_VALUE\]/],
    ['a signature without signers', { predictor: model('s3://m/iris'), annotations: { [SIGNATURE]: 'model.sig' } }, /has no effect without serving\.cdk8s-kserve\.io\/model-signers/],
    ['a signature that lies elsewhere', { predictor: model('s3://m/iris'), annotations: { [SIGNERS]: 'team', [SIGNATURE]: '../model.sig' } }, /must be a path in the model or configmap:\/\/NAME\/KEY, got "\.\.\/model\.sig"/],
    ['a signature at an address', { predictor: model('s3://m/iris'), annotations: { [SIGNERS]: 'team', [SIGNATURE]: 's3://m/model.sig' } }, /must be a path in the model/],
  ])('%s cannot be verified', (_what, asked, line) => {
    expect(errorsOf(asked)).toEqual([expect.stringMatching(line)]);
  });
});
