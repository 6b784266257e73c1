import type { Artifact, TritonModel } from '../../../src/lint';
import { wantedArtifacts } from '../../../src/lint';
import { lines, lintText, objectsOf } from './support';

function service(uri: string, { format = 'triton', limits = '', canary = '' } = {}): string {
  return `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: densenet, namespace: models, annotations: { serving.kserve.io/deploymentMode: RawDeployment } }
spec:
  predictor:
    deploymentStrategy: { type: Recreate }
    tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
    model:
      modelFormat: { name: ${format} }
      storageUri: ${uri}
      resources: { limits: { memory: 16Gi${limits} } }
${canary}`;
}

const MODEL: TritonModel = { folder: 'densenet', maxBatchSize: 8, dynamicBatching: true, gpus: [] };
const at = (level: 'repository' | 'model' | 'version', ...models: readonly TritonModel[]): ReadonlyMap<string, Artifact> => new Map([['s3://models/repository', { place: '/models', triton: { level, models } }]]);
const REPOSITORY = service('s3://models/repository', { limits: ', nvidia.com/gpu: 2' });

describe('ISVC_LINT_TRITON_REPOSITORY', () => {
  it.each<[string, string, string | undefined]>([
    ['a file', 's3://models/repository/densenet/1/model.plan', 'error'],
    ['a configuration', 'gs://models/repository/densenet/config.pbtxt', 'error'],
    ['a version', 's3://models/repository/densenet/1', 'warning'],
    ['a repository', 's3://models/repository', undefined],
    ['an archive of one', 's3://models/repository.tar.gz', undefined],
    ['a claim', 'pvc://1', undefined],
  ])('judges the address of %s', (_what, uri, severity) => {
    expect(lintText(service(uri), { rules: { ISVC_LINT_CLAIM_MISSING: 'off' } }).map((f) => `${f.severity} ${f.code} ${f.path}`)).toEqual(severity ? [`${severity} ISVC_LINT_TRITON_REPOSITORY spec.predictor.model.storageUri`] : []);
  });

  it('does not judge what other servers read', () => expect(lintText(service('s3://models/iris/1', { format: 'sklearn' }))).toEqual([]));

  it.each<[string, ReadonlyMap<string, Artifact>, string]>([
    ['a model', at('model', MODEL), 'is a model of Triton\'s layout (/models), and Triton reads a repository of models'],
    ['a version', at('version'), 'is a version of Triton\'s layout (/models), and Triton reads a repository of models'],
    ['batches of nothing', at('repository', { ...MODEL, maxBatchSize: 0 }), 'config.pbtxt of model "densenet" (/models) has dynamic_batching and max_batch_size 0, so there is nothing to put together'],
    ['a GPU too many', at('repository', { ...MODEL, gpus: [0, 2] }), 'config.pbtxt of model "densenet" (/models) asks for GPU 2, and the container has 2, counted from 0'],
    ['another name', at('repository', { ...MODEL, name: 'dense' }), 'config.pbtxt of model "densenet" (/models) has the name "dense", and Triton wants that of the folder'],
    ['a text that cannot be read', at('repository', { ...MODEL, problem: 'line 1: expected a value' }), 'config.pbtxt of model "densenet" (/models) cannot be read: line 1: expected a value'],
  ])('finds %s in the folder', (_what, artifacts, message) => {
    expect(lines(lintText(REPOSITORY, { artifacts }))).toEqual([`error spec.predictor.model.storageUri: ${message} [ISVC_LINT_TRITON_REPOSITORY]`]);
  });

  it('wants shared memory for the Python backend', () => {
    const artifacts = at('repository', { ...MODEL, backend: 'python' });
    expect(lines(lintText(REPOSITORY, { artifacts }))).toEqual([
      'warning spec.predictor.model.storageUri: model "densenet" (/models) runs in processes of the Python backend, which pass tensors through 64 MiB of shared memory [ISVC_LINT_TRITON_REPOSITORY]',
    ]);
    const mounted = REPOSITORY.replace('      resources:', '      volumeMounts: [{ name: shm, mountPath: /dev/shm }]\n      resources:').replace('    model:\n', '    volumes: [{ name: shm, emptyDir: { medium: Memory, sizeLimit: 1Gi } }]\n    model:\n');
    expect(lines(lintText(mounted, { artifacts }))).toEqual([]);
  });

  it('counts no GPU where none is asked for', () => {
    expect(lines(lintText(service('s3://models/repository'), { artifacts: at('repository', { ...MODEL, gpus: [0] }) }))).toEqual([
      'error spec.predictor.model.storageUri: config.pbtxt of model "densenet" (/models) asks for GPU 0, and the container has none [ISVC_LINT_TRITON_REPOSITORY]',
    ]);
  });

  it('has nothing against a folder that is right', () => expect(lines(lintText(REPOSITORY, { artifacts: at('repository', { ...MODEL, name: 'densenet', gpus: [0, 1] }) }))).toEqual([]));

  it('knows the folder better than the address', () => {
    const artifacts = new Map([['s3://models/densenet/1', { place: '/models', triton: { level: 'repository', models: [] } } satisfies Artifact]]);
    expect(lines(lintText(service('s3://models/densenet/1'), { artifacts }))).toEqual([]);
  });
});

describe('wantedArtifacts', () => {
  it('names the addresses of models whose servers rules know, canaries of the same format included', () => {
    const canary = '  canary:\n    - { trafficPercent: 10, predictor: { name: next, model: { storageUri: s3://models/next } } }\n';
    const inputs = [service('s3://models/repository', { canary }).replace('  predictor:\n', '  predictor:\n    name: stable\n'), service('s3://models/iris', { format: 'sklearn' }).replace('name: densenet', 'name: iris')].flatMap(objectsOf).map((object) => ({ object }));
    expect(wantedArtifacts(inputs)).toEqual([{ uri: 's3://models/repository', server: 'triton' }, { uri: 's3://models/next', server: 'triton' }, { uri: 's3://models/iris', server: 'own' }]);
  });
});
