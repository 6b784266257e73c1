import { SHORTHAND_FORMATS, defaultInferenceService, platformConfig, type InferenceService } from '../../../src/api';

const service = (predictor: object): InferenceService => ({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris' }, spec: { predictor } }) as InferenceService;
const defaulted = (predictor: object): InferenceService['spec']['predictor'] => defaultInferenceService(service(predictor), platformConfig()).spec.predictor;

describe('defaultInferenceService', () => {
  it.each(SHORTHAND_FORMATS.map((f) => [f]))('turns %s into a model and removes the older field', (format) => {
    const predictor = defaulted({ [format]: { storageUri: 's3://m' }, minReplicas: 2 });
    expect(predictor).toMatchObject({ minReplicas: 2, model: { modelFormat: { name: format }, storageUri: 's3://m' } });
    expect(predictor[format]).toBeUndefined();
  });

  it.each([
    ['onnx', 'v2'], ['triton', 'v2'], ['huggingface', 'v2'], ['sklearn', undefined],
  ])('gives the older spelling %s protocol %s', (format, protocol) => expect(defaulted({ [format]: {} }).model?.protocolVersion).toBe(protocol));

  it('gives a triton model V2 and an onnx model nothing, as KServe does', () => {
    expect(defaulted({ model: { modelFormat: { name: 'triton' } } }).model?.protocolVersion).toBe('v2');
    expect(defaulted({ model: { modelFormat: { name: 'onnx' } } }).model?.protocolVersion).toBeUndefined();
  });

  it('keeps a protocol that is given', () => expect(defaulted({ triton: { protocolVersion: 'grpc-v2' } }).model?.protocolVersion).toBe('grpc-v2'));

  it('names a custom container and fills in only the resources it lacks', () => {
    const predictor = defaulted({ containers: [{ image: 'x', resources: { limits: { cpu: '4' } } }] });
    expect(predictor.containers).toEqual([{ image: 'x', name: 'kserve-container', resources: { limits: { cpu: '4', memory: '2Gi' }, requests: { cpu: '1', memory: '2Gi' } } }]);
  });

  it('returns the same object when nothing is missing', () => {
    const complete = service({ model: { modelFormat: { name: 'sklearn' } } });
    expect(defaultInferenceService(complete, platformConfig())).toBe(complete);
  });
});
