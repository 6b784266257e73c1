import type { ModelSpec, ServingRuntime, SupportedModelFormat } from '../../../src/api';
import { selectRuntime } from '../../../src/render';

interface RuntimeOptions {
  readonly namespace?: string;
  readonly formats?: readonly SupportedModelFormat[];
  readonly protocols?: ServingRuntime['spec']['protocolVersions'];
  readonly disabled?: boolean;
  readonly multiModel?: boolean;
  readonly created?: string;
}

function runtime(name: string, options: RuntimeOptions = {}): ServingRuntime {
  const { namespace, formats = [{ name: 'sklearn', version: '1', autoSelect: true, priority: 1 }], protocols = ['v1', 'v2'], disabled, multiModel, created } = options;
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: namespace ? 'ServingRuntime' : 'ClusterServingRuntime',
    metadata: { name, ...(namespace ? { namespace } : {}), ...(created ? { creationTimestamp: created } : {}) },
    spec: {
      containers: [{ name: 'kserve-container', image: 'x' }], supportedModelFormats: formats, protocolVersions: protocols,
      ...(disabled === undefined ? {} : { disabled }), ...(multiModel === undefined ? {} : { multiModel }),
    },
  };
}

const model = (extra: Partial<ModelSpec> = {}): ModelSpec => ({ modelFormat: { name: 'sklearn' }, ...extra });
const chosen = (m: ModelSpec, runtimes: readonly ServingRuntime[]): string => selectRuntime(m, 'ns', runtimes).runtime.metadata.name;
const format = (extra: Partial<SupportedModelFormat>): SupportedModelFormat => ({ name: 'sklearn', autoSelect: true, ...extra });

describe('selectRuntime without a name', () => {
  it.each<[string, readonly ServingRuntime[], ModelSpec, string]>([
    ['the namespace before the cluster, whatever the priority', [runtime('c', { formats: [format({ priority: 9 })] }), runtime('n', { namespace: 'ns', formats: [format({})] })], model(), 'n'],
    ['higher priority first', [runtime('low'), runtime('high', { formats: [format({ priority: 2 })] })], model(), 'high'],
    ['no priority last', [runtime('none', { formats: [format({})] }), runtime('one')], model(), 'one'],
    ['lower protocol first', [runtime('a2', { protocols: ['v2'] }), runtime('b1', { protocols: ['v1', 'v2'] })], model({ protocolVersion: 'v2' }), 'b1'],
    ['newest first', [runtime('old', { created: '2024-01-01T00:00:00Z' }), runtime('new', { created: '2025-01-01T00:00:00Z' })], model(), 'new'],
    ['name last', [runtime('b'), runtime('a')], model(), 'a'],
    ['a runtime without protocols for any protocol', [runtime('any', { protocols: [] })], model({ protocolVersion: 'grpc-v2' }), 'any'],
    ['a version by exact text', [runtime('one'), runtime('two', { formats: [format({ version: '1.0' })] })], model({ modelFormat: { name: 'sklearn', version: '1.0' } }), 'two'],
  ])('takes %s', (_rule, runtimes, m, expected) => {
    expect(chosen(m, runtimes)).toBe(expected);
    expect(chosen(m, [...runtimes].reverse())).toBe(expected);
  });

  it.each<[string, ServingRuntime, ModelSpec, string]>([
    ['is disabled', runtime('r', { disabled: true }), model(), 'r is disabled'],
    ['serves several models', runtime('r', { multiModel: true }), model(), 'r serves several models only'],
    ['lacks the protocol', runtime('r', { protocols: ['v2'] }), model(), 'r has protocols v2'],
    ['is only for those who name it', runtime('r', { formats: [{ name: 'sklearn', version: '1' }] }), model(), 'sklearn:1 (only by name)'],
    ['has another version', runtime('r'), model({ modelFormat: { name: 'sklearn', version: '1.0' } }), 'r has formats sklearn:1'],
  ])('passes over one that %s, and says so', (_rule, only, m, reason) => {
    expect(() => chosen(m, [only])).toThrow(reason);
  });

  describe('of one that computes on the CPU', () => {
    const onCpu = { ...runtime('r'), metadata: { name: 'r', annotations: { 'serving.cdk8s-kserve.io/cpu-only': 'true' } } };
    const asking = (resources: ModelSpec['resources']): ModelSpec => model({ ...(resources ? { resources } : {}) });

    it.each<[string, ModelSpec['resources']]>([
      ['a GPU', { limits: { 'nvidia.com/gpu': 1 } }], ['a slice', { limits: { 'nvidia.com/mig-1g.10gb': 1 } }], ['a shared GPU', { requests: { 'nvidia.com/gpu.shared': 1 } }],
      ['another accelerator', { limits: { 'habana.ai/gaudi': 1 } }], ['a claim', { claims: [{ name: 'gpu' }] }],
    ])('leaves it out for a model that asks for %s', (_what, resources) => {
      expect(chosen(asking(resources), [onCpu, runtime('any')])).toBe('any');
      expect(() => chosen(asking(resources), [onCpu])).toThrow('r computes on the CPU only');
      expect(chosen({ ...asking(resources), runtime: 'r' }, [onCpu])).toBe('r');
    });

    it.each<[string, ModelSpec['resources']]>([['nothing', undefined], ['memory', { limits: { cpu: '1', memory: '2Gi', 'hugepages-2Mi': '4Mi' } }]])('takes it for one that asks for %s', (_what, resources) => {
      expect(chosen(asking(resources), [onCpu])).toBe('r');
    });
  });

  it('ignores runtimes of other namespaces', () => {
    expect(() => chosen(model(), [runtime('other', { namespace: 'elsewhere' })])).toThrow('there are no runtimes at all');
  });

  it('suggests the format that was meant', () => {
    expect(() => chosen(model({ modelFormat: { name: 'sklaern' } }), [runtime('r')])).toThrow(expect.objectContaining({ hint: 'did you mean "sklearn"' }) as Error);
  });
});

describe('selectRuntime by name', () => {
  it('prefers the namespace\'s own of two with one name', () => {
    const { runtime: found } = selectRuntime(model({ runtime: 'same' }), 'ns', [runtime('same'), runtime('same', { namespace: 'ns' })]);
    expect(found.kind).toBe('ServingRuntime');
  });

  it('takes one that may not be chosen automatically', () => {
    expect(chosen(model({ runtime: 'r' }), [runtime('r', { formats: [{ name: 'sklearn' }] })])).toBe('r');
  });

  it.each<[string, ServingRuntime, Partial<ModelSpec>, string]>([
    ['is missing', runtime('sklearnserver'), { runtime: 'sklearnservr' }, 'ISVC_RENDER_RUNTIME_NOT_FOUND'],
    ['is disabled', runtime('r', { disabled: true }), { runtime: 'r' }, 'ISVC_RENDER_RUNTIME_DISABLED'],
    ['lacks the protocol', runtime('r'), { runtime: 'r', protocolVersion: 'grpc-v2' }, 'ISVC_RENDER_RUNTIME_UNSUITABLE'],
    ['lacks the format', runtime('r'), { runtime: 'r', modelFormat: { name: 'onnx' } }, 'ISVC_RENDER_RUNTIME_UNSUITABLE'],
  ])('refuses one that %s', (_rule, only, extra, code) => {
    expect(() => chosen(model(extra), [only])).toThrow(expect.objectContaining({ code }) as Error);
  });
});
