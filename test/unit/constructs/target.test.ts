import { App, Chart } from 'cdk8s';
import { Canary, GpuPredictor, Gpu, InferenceGraph, InferenceService, Platform, Scale, type InferenceServiceProps, type Target } from '../../../src';

const predictor = { modelFormat: 'sklearn', storageUri: 's3://m/v3' };
const next = { predictor: { storageUri: 's3://m/v4' } };

function chartFor(target: Target): Chart {
  const chart = new Chart(new App(), 'chart', { namespace: 'team' });
  Platform.of(chart, { mode: 'RawDeployment', target, keda: { prometheus: 'http://prometheus:9090' } });
  return chart;
}

const service = (chart: Chart, props: Partial<InferenceServiceProps> = {}): InferenceService => new InferenceService(chart, 'iris', { predictor, ...props });

/** Each limit of src/constructs/target.ts, as a user comes upon it. */
const LIMITS: readonly (readonly [string, (chart: Chart) => unknown, string])[] = [
  ['a shadow', (c) => new Canary(c, 'iris-v4', { of: service(c), ...next, strategy: 'Shadow' }), 'does not mirror requests to a canary (shadow); use weights'],
  [
    'spec.canary as one predictor', (c) => service(c, { overrides: { canary: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/v4' } } }, canaryTrafficPercent: 10 } }),
    'does not read spec.canary as one predictor; write a list',
  ],
  ['a raw canary with a transformer', (c) => new Canary(c, 'iris-v4', { of: service(c, { transformer: { image: 't:1' } }), ...next }), 'sends the requests of a raw canary past transformer and explainer'],
  ['a raw canary that brings a transformer', (c) => new Canary(c, 'iris-v4', { of: service(c), ...next, transformer: { image: 't:1' } }), 'sends the requests of a raw canary past transformer and explainer'],
  ['rps in raw mode', (c) => service(c, { predictor: { ...predictor, maxReplicas: 3, scale: Scale.rps(50) } }), 'makes an HPA that cannot work of concurrency and rps'],
  ['concurrency of a transformer', (c) => service(c, { transformer: { image: 't:1', maxReplicas: 3, scale: Scale.concurrency(4) } }), 'makes an HPA that cannot work of concurrency and rps'],
  ['a disruption budget', (c) => service(c, { annotations: { 'serving.cdk8s-kserve.io/max-unavailable': '1' } }), 'ignores annotation serving.cdk8s-kserve.io/max-unavailable'],
  ['a disruption budget of one component', (c) => service(c, { predictor: { ...predictor, annotations: { 'serving.cdk8s-kserve.io/max-unavailable': '1' } } }), 'ignores annotation'],
];

describe('target kserve-0.20', () => {
  it.each(LIMITS)('refuses %s at synthesis, with its version, the place and the fix', (_what, build, text) => {
    expect(() => build(chartFor('kserve-0.20'))).toThrow(`: target kserve-0.20 ${text}`);
    expect(() => build(chartFor('kserve-0.20'))).toThrow(/^chart\/iris/);
  });

  it.each(LIMITS)('is what matters: our own controller can do %s', (_what, build) => {
    expect(() => build(chartFor('cdk8s-kserve'))).not.toThrow();
  });

  it.each<[string, (chart: Chart) => unknown]>([
    ['a service', (c) => service(c, { output: 'expand' })],
    ['a graph', (c) => new InferenceGraph(c, 'g', { output: 'expand' })],
    ['a GPU predictor', (c) => new GpuPredictor(c, 'gpu', { modelFormat: 'triton', storageUri: 's3://m/v5', gpu: Gpu.nvidia(), output: 'expand' })],
  ])('refuses to expand %s, whose children it would write again', (_what, build) => {
    expect(() => build(chartFor('kserve-0.20'))).toThrow('which target kserve-0.20 would write again');
    expect(() => build(chartFor('cdk8s-kserve'))).not.toThrow();
  });

  it.each<[string, (chart: Chart) => unknown]>([
    ['weights of a raw canary', (c) => new Canary(c, 'iris-v4', { of: service(c), ...next })],
    ['a canary by revisions, with a transformer', (c) => new Canary(c, 'iris-v4', { of: service(c, { mode: 'Serverless', transformer: { image: 't:1' } }), ...next })],
    ['rps in serverless mode', (c) => service(c, { mode: 'Serverless', predictor: { ...predictor, scale: Scale.rps(50) } })],
  ])('takes %s', (_what, build) => expect(() => build(chartFor('kserve-0.20'))).not.toThrow());
});
