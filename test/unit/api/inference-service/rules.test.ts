import { validateInferenceService, type DeploymentMode, type InferenceService } from '../../../../src/api';

const base = { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris' };

function service(spec: object, annotations: object = {}, name = 'iris'): InferenceService {
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name, namespace: 'ns', annotations }, spec } as InferenceService;
}

const KEDA = { 'serving.kserve.io/autoscalerClass': 'keda' };
const external = (metric: object, target: object): object => ({ type: 'External', external: { metric: { backend: 'prometheus', ...metric }, target } });
const resource = (name: string, target: object): object => ({ type: 'Resource', resource: { name, target } });

describe('autoscaling rules', () => {
  it.each<[string, object, object, DeploymentMode | undefined, readonly string[]]>([
    ['cpu with Knative\'s autoscaler', { scaleMetric: 'cpu' }, {}, 'Knative', ['spec.predictor.scaleMetric']],
    ['cpu with Knative\'s HPA', { scaleMetric: 'cpu' }, { 'autoscaling.knative.dev/class': 'hpa.autoscaling.knative.dev' }, 'Knative', []],
    ['cpu while nobody knows the mode', { scaleMetric: 'cpu' }, {}, undefined, []],
    ['a strategy in serverless mode', { deploymentStrategy: { type: 'Recreate' } }, {}, 'Knative', ['spec.predictor.deploymentStrategy']],
    ['a cpu target above 100', { scaleTarget: 200 }, {}, 'Standard', ['spec.predictor.scaleTarget']],
    ['a target above 100 requests', { scaleMetric: 'rps', scaleTarget: 200 }, {}, 'Standard', []],
    ['min above max', { minReplicas: 3, maxReplicas: 2 }, {}, 'Standard', ['spec.predictor.maxReplicas']],
    ['scaleMetric with KEDA', { scaleMetric: 'cpu' }, KEDA, 'Standard', ['spec.predictor.scaleMetric']],
    ['scaleTarget alone with KEDA', { scaleTarget: 60 }, KEDA, 'Standard', []],
    ['a metric without a query', { autoScaling: { metrics: [external({}, { value: 2 })] } }, KEDA, 'Standard', ['spec.predictor.autoScaling.metrics[0].external.metric.query']],
    ['a metric without a target', { autoScaling: { metrics: [external({ query: 'q' }, {})] } }, KEDA, 'Standard', ['spec.predictor.autoScaling.metrics[0].external.target.value']],
    ['an average alone, which KServe refuses', { autoScaling: { metrics: [external({ query: 'q' }, { type: 'AverageValue', averageValue: '2' })] } }, KEDA, 'Standard', ['spec.predictor.autoScaling.metrics[0].external.target.value']],
    ['an amount with a suffix', { autoScaling: { metrics: [external({ query: 'q' }, { type: 'AverageValue', averageValue: '500m', value: '500m' })] } }, KEDA, 'Standard', []],
    ['a target of 0', { autoScaling: { metrics: [external({ query: 'q' }, { type: 'AverageValue', value: '0' })] } }, KEDA, 'Standard', ['spec.predictor.autoScaling.metrics[0].external.target.value']],
    ['a value below 0', { autoScaling: { metrics: [external({ query: 'q' }, { type: 'Value', value: -1 })] } }, KEDA, 'Standard', ['spec.predictor.autoScaling.metrics[0].external.target.value']],
    ['a value that is no amount', { autoScaling: { metrics: [external({ query: 'q' }, { value: 'some' })] } }, KEDA, 'Standard', ['spec.predictor.autoScaling.metrics[0].external.target.value']],
    ['too little memory', { autoScaling: { metrics: [resource('memory', { type: 'AverageValue', averageValue: '100k' })] } }, KEDA, 'Standard', ['spec.predictor.autoScaling.metrics[0].resource.target.averageValue']],
    ['cpu by value', { autoScaling: { metrics: [resource('cpu', { type: 'AverageValue', averageValue: '1' })] } }, KEDA, 'Standard', ['spec.predictor.autoScaling.metrics[0].resource.target.type']],
    ['a utilization of 0', { autoScaling: { metrics: [resource('cpu', { type: 'Utilization', averageUtilization: 0 })] } }, KEDA, 'Standard', ['spec.predictor.autoScaling.metrics[0].resource.target.averageUtilization']],
  ])('%s', (_what, fields, annotations, mode, paths) => {
    expect(validateInferenceService(service({ predictor: { model: base, ...fields } }, annotations), mode).map((p) => p.path)).toEqual(paths);
  });
});

it.each([['', []], ['mine', ['spec.predictor.model.name']]])('a model whose container name is %j', (name, paths) => {
  // KServe's webhook stores the empty one in every service.
  expect(validateInferenceService(service({ predictor: { model: { ...base, name } } }), 'Standard').map((p) => p.path)).toEqual(paths);
});

describe('storage rules', () => {
  const uris = (...paths: readonly string[]): object => ({ model: { modelFormat: base.modelFormat }, storageUris: paths.map((mountPath, i) => ({ uri: `s3://m/${i}`, mountPath })) });

  it.each<[string, object, readonly string[]]>([
    ['one folder above all sources', uris('/mnt/models/a', '/mnt/models/b'), []],
    ['sources without a common folder', uris('/mnt/a', '/opt/a'), ['spec.predictor.storageUris']],
    ['two sources in one folder', uris('/mnt/a', '/mnt/a'), ['spec.predictor.storageUris']],
    ['a way out of the folder', uris('/mnt/../etc'), ['spec.predictor.storageUris[0].mountPath']],
    ['the root folder', uris('/'), ['spec.predictor.storageUris[0].mountPath']],
    ['confidential without an address', { model: { modelFormat: base.modelFormat, confidential: { enabled: true } } }, ['spec.predictor.model.confidential']],
    ['a bad resource id', { model: { ...base, confidential: { resourceId: 'nope' } } }, ['spec.predictor.model.confidential.resourceId']],
    ['an address in the transformer', { model: base, containers: [{ name: 'transformer-container', image: 'x', env: [{ name: 'STORAGE_URI', value: 's3://x' }] }] }, ['spec.predictor.containers']],
    ['a log bucket without a key', { model: base, logger: { storage: { path: 'x', parameters: { type: 's3' } } } }, ['spec.predictor.logger.storage']],
  ])('%s', (_what, predictor, paths) => {
    expect(validateInferenceService(service({ predictor })).map((p) => p.path)).toEqual(paths);
  });
});

describe('rules of models on several nodes', () => {
  const llm = { modelFormat: { name: 'huggingface' }, storageUri: 'pvc://llm/model' };
  const NONE = { 'serving.kserve.io/autoscalerClass': 'none' };

  it.each<[string, object, object, readonly string[]]>([
    ['a good one', { model: llm, workerSpec: {} }, NONE, []],
    ['an autoscaler', { model: llm, workerSpec: {} }, {}, ['metadata.annotations["serving.kserve.io/autoscalerClass"]']],
    ['a model that each node would fetch', { model: { ...llm, storageUri: 's3://m/llm' }, workerSpec: {} }, NONE, ['spec.predictor.model.storageUri']],
    ['a computed variable', { model: { ...llm, env: [{ name: 'TENSOR_PARALLEL_SIZE', value: '2' }] }, workerSpec: {} }, NONE, ['spec.predictor.model.env']],
    ['an unknown accelerator', { model: { ...llm, resources: { limits: { 'acme.com/npu': 1 } } }, workerSpec: {} }, NONE, ['spec.predictor.model.resources']],
    ['an accelerator that the service allows', { model: { ...llm, resources: { limits: { 'acme.com/npu': 1 } } }, workerSpec: {} }, { ...NONE, 'serving.kserve.io/gpu-resource-types': '["acme.com/npu"]' }, []],
    ['two worker containers', { model: llm, workerSpec: { containers: [{ name: 'a' }, { name: 'b' }] } }, NONE, ['spec.predictor.workerSpec.containers']],
  ])('%s', (_what, predictor, annotations, paths) => {
    expect(validateInferenceService(service({ predictor }, annotations), 'Standard').map((p) => p.path)).toEqual(paths);
  });
});

describe('names', () => {
  const long = (length: number): string => 'n'.repeat(length);
  const transformer = { containers: [{ image: 'x' }] };

  it.each<[string, number, object, DeploymentMode, boolean]>([
    ['a predictor in serverless mode', 53, {}, 'Knative', true],
    ['one character more', 54, {}, 'Knative', false],
    ['a predictor in raw mode, whose label has five more', 48, {}, 'Standard', true],
    ['one character more', 49, {}, 'Standard', false],
    ['a transformer', 51, { transformer }, 'Knative', true],
    ['one character more', 52, { transformer }, 'Knative', false],
    ['a canary', 45, { canary: [{ predictor: { name: 'v2', model: base }, trafficPercent: 1 }] }, 'Standard', true],
    ['one character more', 46, { canary: [{ predictor: { name: 'v2', model: base }, trafficPercent: 1 }] }, 'Standard', false],
  ])('%s: %i characters', (_what, length, spec, mode, fine) => {
    expect(validateInferenceService(service({ predictor: { model: base }, ...spec }, {}, long(length)), mode).map((p) => p.path)).toEqual(fine ? [] : ['metadata.name']);
  });
});
