import { BUILT_IN_RUNTIMES, CONTAINER, validateServingRuntime, type ServingRuntime } from '../../../../src/api';
import { render, worldOf } from '../../../../src/render';

/** Names that KServe's manifests ship, which users name in theirs. */
const KSERVE_NAMES = [
  'kserve-autogluonserver', 'kserve-huggingfaceserver', 'kserve-huggingfaceserver-multinode', 'kserve-lgbserver', 'kserve-mlserver', 'kserve-paddleserver', 'kserve-pmmlserver',
  'kserve-predictiveserver', 'kserve-sklearnserver', 'kserve-tensorflow-serving', 'kserve-torchserve', 'kserve-tritonserver', 'kserve-vllmserver', 'kserve-xgbserver',
];

/** Ours, where KServe has no server of its own. */
const OUR_NAMES = ['kserve-mlflowserver', 'kserve-onnxserver'];

describe('built-in runtimes', () => {
  it('are counterparts of all of KServe\'s, by name, and ours', () => expect(BUILT_IN_RUNTIMES.map((r) => r.metadata.name).sort()).toEqual([...KSERVE_NAMES, ...OUR_NAMES].sort()));

  it.each(BUILT_IN_RUNTIMES.map((r) => [r.metadata.name, r] as const))('%s is valid', (_name, runtime) => expect(validateServingRuntime(runtime)).toEqual([]));

  it.each(BUILT_IN_RUNTIMES.filter((r) => !r.spec.workerSpec).map((r) => [r.metadata.name, r] as const))('%s renders in both modes when it is named', (name, runtime) => {
    const [format] = runtime.spec.supportedModelFormats ?? [];
    for (const mode of ['Standard', 'Knative']) {
      const metadata = { name: 'm', namespace: 'ns', annotations: { 'serving.kserve.io/deploymentMode': mode } };
      const result = render({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata, spec: { predictor: { model: { modelFormat: { name: format?.name ?? '' }, runtime: name, storageUri: 's3://m' } } } }, worldOf());
      expect(result.problems).toEqual([]);
      expect(JSON.stringify(result.children)).not.toContain('{{');
    }
  });
});

describe('validateServingRuntime', () => {
  const runtime = (spec: object): ServingRuntime => ({ apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { name: 'r', namespace: 'ns' }, spec: { containers: [{ name: CONTAINER.server, image: 'x' }], ...spec } }) as ServingRuntime;

  it.each<[string, object, readonly string[]]>([
    ['a blocked variable', { containers: [{ name: CONTAINER.server, image: 'x', env: [{ name: 'PYTHONPATH', value: '/x' }] }] }, ['spec.containers']],
    ['workers without a container', { workerSpec: { containers: [] } }, ['spec.workerSpec.containers']],
    ['a computed variable', { workerSpec: { containers: [{ name: 'worker-container' }] }, containers: [{ name: CONTAINER.server, image: 'x', env: [{ name: 'TENSOR_PARALLEL_SIZE', value: '2' }] }] }, ['spec.containers']],
    ['workers cut into nothing', { workerSpec: { pipelineParallelSize: 0, containers: [{ name: 'worker-container' }] } }, ['spec.workerSpec.pipelineParallelSize']],
  ])('names %s', (_what, spec, paths) => expect(validateServingRuntime(runtime(spec)).map((p) => p.path)).toEqual(paths));
});
