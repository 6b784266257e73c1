import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import type { KubeObject } from '../../../src/api';
import { ClusterServingRuntime, InferenceService, Platform, ServingRuntime, type InferenceServiceProps } from '../../../src';

function synth(props: InferenceServiceProps, prepare?: (chart: Chart) => void): KubeObject[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'team' });
  prepare?.(chart);
  new InferenceService(chart, 'iris', props);
  return chart.toJson() as KubeObject[];
}

const predictor = { modelFormat: 'sklearn', storageUri: 's3://m/iris' };

describe('InferenceService, declared', () => {
  it('writes the resource with KServe\'s own field names', () => {
    expect(synth({ mode: 'RawDeployment', labels: { a: 'b' }, predictor: { ...predictor, minReplicas: 2, scaleMetric: 'cpu', args: ['--x'], resources: { limits: { 'nvidia.com/gpu': 1 } }, pod: { nodeSelector: { pool: 'gpu' } } } })).toEqual([
      {
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        metadata: { name: 'iris', namespace: 'team', labels: { a: 'b' }, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
        spec: {
          predictor: {
            minReplicas: 2, scaleMetric: 'cpu', nodeSelector: { pool: 'gpu' },
            model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris', args: ['--x'], resources: { limits: { 'nvidia.com/gpu': 1 } } },
          },
        },
      },
    ]);
  });

  it('carries the mode that its platform states, so that it means the same in every cluster', () => {
    const annotations = (props: InferenceServiceProps, mode?: 'RawDeployment'): unknown =>
      synth(props, (chart) => void Platform.of(chart, { domain: 'x.example.com', ...(mode ? { mode } : {}) }))[0]?.metadata.annotations;
    expect(annotations({ predictor }, 'RawDeployment')).toEqual({ 'serving.kserve.io/deploymentMode': 'RawDeployment' });
    expect(annotations({ predictor })).toBeUndefined();
    expect(annotations({ predictor, mode: 'Serverless' }, 'RawDeployment')).toEqual({ 'serving.kserve.io/deploymentMode': 'Serverless' });
    expect(annotations({ predictor, annotations: { 'serving.kserve.io/deploymentMode': 'Knative' } }, 'RawDeployment')).toEqual({ 'serving.kserve.io/deploymentMode': 'Knative' });
  });

  it('takes a custom container instead of a model', () => {
    expect(synth({ predictor: { containers: [{ name: 'kserve-container', image: 'x' }] } })[0]?.['spec']).toEqual({ predictor: { containers: [{ name: 'kserve-container', image: 'x' }] } });
  });

  it('merges overrides last', () => {
    expect(synth({ predictor, overrides: { predictor: { timeout: 9, model: { runtime: 'r' } } } })[0]?.['spec']).toMatchObject({ predictor: { timeout: 9, model: { runtime: 'r', storageUri: 's3://m/iris' } } });
  });

  it('lets JSON patches through, extended resources included', () => {
    const chart = new Chart(new App(), 'chart');
    const service = new InferenceService(chart, 'iris', { predictor: { ...predictor, resources: { limits: { cpu: 1 } } } });
    service.apiObjects[0]?.addJsonPatch(JsonPatch.add('/spec/predictor/model/resources/limits/nvidia.com~1gpu', 2));
    expect((chart.toJson() as KubeObject[])[0]?.['spec']).toMatchObject({ predictor: { model: { resources: { limits: { 'nvidia.com/gpu': 2, cpu: 1 } } } } });
  });

  it('is found under the construct id Resource', () => {
    const chart = new Chart(new App(), 'chart');
    expect(ApiObject.of(new InferenceService(chart, 'iris', { predictor })).kind).toBe('InferenceService');
  });

  it.each<[string, InferenceServiceProps, string]>([
    ['a bad bound', { predictor: { ...predictor, minReplicas: 3, maxReplicas: 1 } }, 'spec.predictor.maxReplicas'],
    ['an unknown field in overrides', { predictor, overrides: { predictor: { minReplica: 1 } } }, 'did you mean "minReplicas"'],
    ['no model at all', { predictor: {} }, 'says no model'],
    ['a model without a format', { predictor: { storageUri: 's3://m' } }, 'spec.predictor.model.modelFormat'],
    ['a bad name', { name: 'Iris', predictor }, 'metadata.name'],
  ])('stops at %s with the construct\'s path', (_what, props, text) => {
    expect(() => synth(props)).toThrow(text);
    expect(() => synth(props)).toThrow('chart/iris');
  });
});

describe('InferenceService, expanded', () => {
  const kinds = (objects: readonly KubeObject[]): string[] => objects.map((o) => o.kind);

  it('writes the children of either mode', () => {
    expect(kinds(synth({ mode: 'RawDeployment', output: 'expand', predictor }))).toEqual(['Service', 'Deployment', 'HorizontalPodAutoscaler', 'HTTPRoute', 'HTTPRoute']);
    expect(kinds(synth({ mode: 'Serverless', output: 'expand', predictor }))).toEqual(['Service']);
  });

  it('uses the platform and the runtimes declared before it', () => {
    const objects = synth({ output: 'expand', predictor }, (chart) => {
      Platform.of(chart, { mode: 'RawDeployment', domain: 'm.example.org', gateway: 'infra/public' });
      new ServingRuntime(chart, 'own', { supportedModelFormats: [{ name: 'sklearn', autoSelect: true }], containers: [{ name: 'kserve-container', image: 'own:1' }] });
    });
    expect(JSON.stringify(objects)).toContain('"image":"own:1"');
    expect(objects.find((o) => o.kind === 'HTTPRoute')?.['spec']).toMatchObject({ hostnames: ['iris-predictor-team.m.example.org'], parentRefs: [{ namespace: 'infra', name: 'public' }] });
  });

  it('tells its decisions', () => {
    const chart = new Chart(new App(), 'chart');
    expect(new InferenceService(chart, 'iris', { output: 'expand', predictor }).decisions.map((d) => d.topic)).toContain('runtime');
  });

  it('stops when no runtime fits', () => expect(() => synth({ output: 'expand', predictor: { ...predictor, modelFormat: 'tensorrt' } })).toThrow('no runtime supports format "tensorrt"'));
});

describe('runtimes', () => {
  it('keeps a cluster runtime out of the chart\'s namespace', () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'team' });
    new ClusterServingRuntime(chart, 'c', { containers: [{ name: 'kserve-container', image: 'x' }] });
    new ServingRuntime(chart, 'n', { containers: [{ name: 'kserve-container', image: 'x' }] });
    expect((chart.toJson() as KubeObject[]).map((o) => o.metadata)).toEqual([{ name: 'c' }, { name: 'n', namespace: 'team' }]);
  });

  it('stops at a runtime without a server', () => {
    const chart = new Chart(new App(), 'chart');
    expect(() => new ServingRuntime(chart, 'n', { containers: [{ name: 'x', image: 'x' }] })).toThrow('none is called kserve-container');
  });
});

describe('Platform', () => {
  it('is taken from the nearest scope', () => {
    const app = new App();
    Platform.of(app, { domain: 'outer.org' });
    const inner = new Chart(app, 'inner');
    Platform.of(inner, { domain: 'inner.org' });
    expect(Platform.configFor(inner).ingress.ingressDomain).toBe('inner.org');
    expect(Platform.configFor(new Chart(app, 'other')).ingress.ingressDomain).toBe('outer.org');
  });

  it.each([[{ mode: 'raw' as never }, 'mode must be one of'], [{ gateway: 'public' }, 'namespace/name']])('refuses %j', (props, text) => {
    expect(() => Platform.of(new App(), props)).toThrow(text);
  });
});
