import type { InferenceService, KubeObject, TrainedModel } from '../../../src/api';
import { render, worldOf } from '../../../src/render';
import { computeTrainedModelStatus, type TrainedModelStatusInput } from '../../../src/status';

const SKLEARN = { model: { modelFormat: { name: 'sklearn' }, resources: { limits: { memory: '512Mi' } } } };

function service(predictor: object = SKLEARN, status: object = {}): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'many', namespace: 'ns', annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { predictor },
    status: { url: 'http://many-ns.example.com', address: { url: 'http://many-predictor.ns' }, clusterServingRuntimeName: 'kserve-sklearnserver', conditions: [{ type: 'Ready', status: 'True' }], ...status },
  } as InferenceService;
}

function model(name = 'iris', source: object = {}): TrainedModel {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1', kind: 'TrainedModel', metadata: { name, namespace: 'ns', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { inferenceService: 'many', model: { framework: 'sklearn', storageUri: 's3://models/iris', memory: '128Mi', ...source } },
  };
}

/** The list as the service's controller writes it. */
function listOf(parent: InferenceService, ...models: readonly TrainedModel[]): KubeObject | undefined {
  return render(parent, worldOf({ trainedModels: models })).children.find((c) => c.kind === 'ConfigMap');
}

function statusOf(given: Partial<TrainedModelStatusInput> = {}): { readonly says: (type: string) => string; readonly url: string | undefined } {
  const parent = 'parent' in given ? given.parent : service();
  const own = given.model ?? model();
  const list = 'list' in given ? given.list : parent && listOf(parent, own);
  const { conditions = [], url } = computeTrainedModelStatus({ siblings: [own], world: worldOf(), now: '2026-01-01T00:00:00Z', ...given, model: own, parent, list });
  const says = (type: string): string => {
    const { status, reason, message } = conditions.find((c) => c.type === type) ?? { status: 'absent' };
    return [status, reason, message].filter(Boolean).join(' ');
  };
  return { says, url };
}

describe('a model of a multi-model service', () => {
  test('is Ready when the service is, has room, and lists it', () => {
    expect(statusOf().says('Ready')).toBe('True');
  });

  test.each([
    ['there is none', { parent: undefined }, 'False InferenceServiceMissing there is no InferenceService many in the namespace'],
    ['it is not ready', { parent: service(SKLEARN, { conditions: [{ type: 'Ready', status: 'False', message: 'no replica' }] }) }, 'False InferenceServiceNotReady InferenceService many is not ready: no replica'],
    ['it is being deleted', { parent: { ...service(), metadata: { ...service().metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } } }, 'False InferenceServiceTerminating InferenceService many is being deleted'],
    ['it lists other models', { list: listOf(service(), model('roses')) }, 'False ModelNotListed ConfigMap modelconfig-many-0, which the server reads, does not list it yet'],
    ['its list is not there', { list: undefined }, 'False ModelNotListed ConfigMap modelconfig-many-0, which the server reads, does not list it yet'],
    ['its list cannot be read', { list: { ...(listOf(service()) as KubeObject), data: { 'models.json': '[{' } } }, 'False ModelNotListed ConfigMap modelconfig-many-0, which the server reads, does not list it yet'],
    ['its list is none', { list: { ...(listOf(service()) as KubeObject), data: { 'models.json': '{}' } } }, 'False ModelNotListed ConfigMap modelconfig-many-0, which the server reads, does not list it yet'],
    [
      'its spec is not valid', { list: listOf(service()), parent: service(SKLEARN, { conditions: [{ type: 'Ready', status: 'True' }, { type: 'Progressing', status: 'False', reason: 'InvalidSpec', message: 'waits for a valid spec' }] }) },
      'False ModelNotListed ConfigMap modelconfig-many-0, which the server reads, does not list it yet (waits for a valid spec)',
    ],
  ] as const)('is not Ready when of the service %s', (_what, given, expected) => {
    expect(statusOf(given).says('Ready')).toBe(expected);
  });

  test('stays Ready while the list has it as it was before an edit', () => {
    const { says } = statusOf({ model: model('iris', { storageUri: 's3://models/iris/v2' }), list: listOf(service(), model()) });
    expect([says('Ready'), says('ModelListed')]).toEqual(['True', 'True EarlierSpecListed ConfigMap modelconfig-many-0 lists it as it was: sklearn at s3://models/iris']);
  });

  test('that is too large says which is too much: itself or the others', () => {
    const large = model('iris', { memory: '1Gi' });
    expect(statusOf({ model: large }).says('Ready')).toBe("False MemoryResourceNotAvailable it asks for 1Gi, more than the predictor's 536870912 bytes; raise its memory limit or remove a model");
    const older = { ...model('older', { memory: '400Mi' }), metadata: { ...model('older').metadata, creationTimestamp: '2025-01-01T00:00:00Z' } };
    const crowded = model('iris', { memory: '200Mi' });
    expect(statusOf({ model: crowded, siblings: [older, crowded] }).says('Ready')).toMatch(/^False MemoryResourceNotAvailable older models leave too little of the predictor's 536870912 bytes/);
  });

  test.each([
    ['the older spelling', { sklearn: { resources: { limits: { memory: '512Mi' } } } }, {}, '/v1/models/iris:predict'],
    ['a protocol that the model names', { model: { ...SKLEARN.model, protocolVersion: 'v2' } }, {}, '/v2/models/iris/infer'],
    ['a runtime that speaks V2 alone', { model: { modelFormat: { name: 'tensorflow' }, runtime: 'kserve-tritonserver' } }, { clusterServingRuntimeName: 'kserve-tritonserver' }, '/v2/models/iris/infer'],
    ['a server of its own', { containers: [{ image: 'x', env: [{ name: 'MULTI_MODEL_SERVER', value: 'true' }, { name: 'PROTOCOL', value: 'v2' }] }] }, {}, '/v2/models/iris/infer'],
  ])('with %s is served at its address', (_what, predictor, status, path) => {
    const { says, url } = statusOf({ parent: service(predictor, status) });
    expect([says('IsMMSPredictor'), url]).toEqual(['True', `http://many-ns.example.com${path}`]);
  });

  test('of a service with a model of its own says so', () => {
    expect(statusOf({ parent: service({ model: { ...SKLEARN.model, storageUri: 's3://m/one' } }) }).says('Ready')).toMatch(/^False IsNotMMSPredictor .*remove its storageUri/);
  });
});
