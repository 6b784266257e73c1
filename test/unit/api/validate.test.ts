import { validateInferenceService, validateServingRuntime, type InferenceService, type ServingRuntime } from '../../../src/api';

const model = { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris' };

function service(spec: unknown, metadata: object = {}): InferenceService {
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', ...metadata }, spec } as InferenceService;
}

const paths = (s: InferenceService): string[] => validateInferenceService(s).map((p) => p.path);

describe('validateInferenceService', () => {
  it.each<[string, unknown]>([
    ['a model', { predictor: { model } }],
    ['an older spelling', { predictor: { sklearn: { storageUri: 's3://m/iris' } } }],
    ['a custom container', { predictor: { containers: [{ image: 'x' }] } }],
    ['a model with a transformer beside it', { predictor: { model, containers: [{ name: 'transformer-container', image: 'x' }] } }],
    ['pod fields', { predictor: { model, nodeSelector: { a: 'b' }, tolerations: [{ key: 'x', operator: 'Exists' }], volumes: [{ name: 'v', emptyDir: {} }] } }],
    ['extended resources', { predictor: { model: { ...model, resources: { limits: { 'nvidia.com/gpu': 1, cpu: '500m' } } } } }],
  ])('accepts %s', (_what, spec) => expect(validateInferenceService(service(spec))).toEqual([]));

  it.each<[string, unknown, string]>([
    ['no spec', undefined, 'spec'],
    ['no predictor', {}, 'spec.predictor'],
    ['no implementation', { predictor: {} }, 'spec.predictor'],
    ['two implementations', { predictor: { model, sklearn: { storageUri: 's3://x/y' } } }, 'spec.predictor'],
    ['two custom containers without a server', { predictor: { containers: [{ name: 'a', image: 'x' }, { name: 'b', image: 'y' }] } }, 'spec.predictor.containers'],
    ['an unknown field', { predictor: { model, minReplica: 1 } }, 'spec.predictor.minReplica'],
    ['an unknown field in a container', { predictor: { model: { ...model, resources: { limit: {} } } } }, 'spec.predictor.model.resources.limit'],
    ['an unknown protocol', { predictor: { model: { ...model, protocolVersion: 'v3' } } }, 'spec.predictor.model.protocolVersion'],
    ['negative replicas', { predictor: { model, minReplicas: -1 } }, 'spec.predictor.minReplicas'],
    ['a fraction of a replica', { predictor: { model, minReplicas: 1.5 } }, 'spec.predictor.minReplicas'],
    ['more minimum than maximum', { predictor: { model, minReplicas: 3, maxReplicas: 2 } }, 'spec.predictor.maxReplicas'],
    ['a maximum below the default minimum of one', { predictor: { model, minReplicas: 2, maxReplicas: 1 } }, 'spec.predictor.maxReplicas'],
    ['canary traffic above 100', { predictor: { model, canaryTrafficPercent: 150 } }, 'spec.predictor.canaryTrafficPercent'],
    ['two places for one model', { predictor: { model: { ...model, storage: { path: 'x' } } } }, 'spec.predictor.model'],
    ['a container name in a model', { predictor: { model: { ...model, name: 'x' } } }, 'spec.predictor.model.name'],
    ['PYTHONPATH', { predictor: { model: { ...model, env: [{ name: 'PYTHONPATH', value: '/x' }] } } }, 'spec.predictor.model'],
    ['a number where text belongs', { predictor: { model: { ...model, storageUri: 7 } } }, 'spec.predictor.model.storageUri'],
  ])('refuses %s at its path', (_what, spec, path) => {
    expect(paths(service(spec))).toContain(path);
    expect(paths(service(spec))).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ['upper case', { name: 'Iris' }, 'metadata.name'],
    ['a leading digit', { name: '1iris' }, 'metadata.name'],
    ['a name whose children would be too long', { name: 'a'.repeat(54) }, 'metadata.name'],
    ['an unknown mode', { annotations: { 'serving.kserve.io/deploymentMode': 'Raw' } }, 'metadata.annotations["serving.kserve.io/deploymentMode"]'],
    ['an unknown autoscaler', { annotations: { 'serving.kserve.io/autoscalerClass': 'vpa' } }, 'metadata.annotations["serving.kserve.io/autoscalerClass"]'],
  ])('refuses metadata with %s', (_what, metadata, path) => expect(paths(service({ predictor: { model } }, metadata))).toEqual([path]));

  it('reports everything at once', () => {
    expect(paths(service({ predictor: { model, minReplica: 1, maxReplica: 2 } }, { name: 'Iris' }))).toHaveLength(3);
  });

  it('never throws, whatever it is given', () => {
    for (const spec of [null, [], 'x', 1, { predictor: null }, { predictor: [] }, { predictor: { model: [] } }, { predictor: { containers: {} } }]) {
      expect(validateInferenceService(service(spec)).length).toBeGreaterThan(0);
    }
  });
});

describe('validateServingRuntime', () => {
  const runtime = (spec: object): ServingRuntime => ({ apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { name: 'r' }, spec }) as ServingRuntime;
  const containers = [{ name: 'kserve-container', image: 'x' }];

  it('accepts a server with its formats', () => {
    expect(validateServingRuntime(runtime({ containers, supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 1 }], protocolVersions: ['v1'] }))).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['no containers', {}, 'spec.containers'],
    ['no server', { containers: [{ name: 'x', image: 'y' }] }, 'spec.containers'],
    ['a priority below one', { containers, supportedModelFormats: [{ name: 'a', priority: 0 }] }, 'spec.supportedModelFormats[0].priority'],
    ['two priorities for one format', { containers, supportedModelFormats: [{ name: 'a', autoSelect: true, priority: 1 }, { name: 'a', autoSelect: true, priority: 2 }] }, 'spec.supportedModelFormats[1].priority'],
    ['an unknown protocol', { containers, protocolVersions: ['v9'] }, 'spec.protocolVersions[0]'],
  ])('refuses %s', (_what, spec, path) => expect(validateServingRuntime(runtime(spec)).map((p) => p.path)).toEqual([path]));
});
