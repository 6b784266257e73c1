import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import type { KubeObject } from '../../../src/api';
import { Canary, InferenceService, Platform, type CanaryProps, type InferenceServiceProps } from '../../../src';

interface Synthesized {
  readonly canary: Canary;
  readonly objects: readonly KubeObject[];
}

function synth(canary: Omit<CanaryProps, 'of'>, service: Partial<InferenceServiceProps> = {}, id = 'iris-v4'): Synthesized {
  const chart = new Chart(new App(), 'chart', { namespace: 'team' });
  Platform.of(chart, { mode: 'RawDeployment', domain: 'example.com' });
  const of = new InferenceService(chart, 'iris', { predictor: { modelFormat: 'sklearn', storageUri: 's3://m/v3', minReplicas: 4 }, ...service });
  const made = new Canary(chart, id, { of, ...canary });
  return { canary: made, objects: chart.toJson() as KubeObject[] };
}
const specOf = ({ objects }: Synthesized): unknown => objects.find((o) => o.kind === 'InferenceService')?.['spec'];
const predictor = { storageUri: 's3://m/v4' };

describe('Canary in raw mode', () => {
  it('stands beside the stable version with its share', () => {
    const made = synth({ predictor, steps: [10, 50, 100] });
    expect(made.canary.weights).toEqual({ stable: 90, canary: 10 });
    expect(specOf(made)).toMatchObject({
      predictor: { model: { storageUri: 's3://m/v3' } },
      canary: [{ trafficPercent: 10, predictor: { name: 'v4', model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/v4' } } }],
    });
  });

  it.each([[50, 50], [100, 100], [0, 0]])('at %i sends it %i per cent: promotion and rollback are one line', (at, percent) => {
    expect(specOf(synth({ predictor, steps: [10, 50, 100], at }))).toMatchObject({ canary: [{ trafficPercent: percent }] });
  });

  it('blue/green sends nothing at first and gives the new version a host of its own', () => {
    const made = synth({ predictor, strategy: 'BlueGreen' });
    expect(made.canary.weights).toEqual({ stable: 100, canary: 0 });
    expect(made.canary.url).toBe('http://iris-v4-team.example.com');
    const route = made.objects.find((o) => o.kind === 'HTTPRoute');
    expect(route?.['spec']).toMatchObject({ hostnames: ['iris-v4-team.example.com'], rules: [{ backendRefs: [{ name: 'iris-v4-predictor' }] }] });
  });

  it('a shadow gets copies and no share', () => {
    const made = synth({ predictor, strategy: 'Shadow' });
    expect(made.canary.weights).toEqual({ stable: 100, canary: 0 });
    expect(specOf(made)).toMatchObject({ shadow: true });
  });

  it('moves the transformer with its predictor', () => {
    const made = synth({ predictor, transformer: { image: 'team/t:2' } }, { transformer: { image: 'team/t:1' }, output: 'expand' });
    const images = made.objects.filter((o) => o.kind === 'Deployment').map((o) => `${o.metadata.name} ${JSON.stringify(o).match(/team\/t:\d/)?.[0] ?? ''}`);
    expect(images).toEqual(expect.arrayContaining(['iris-transformer team/t:1', 'iris-v4-transformer team/t:2']));
  });

  it('keeps weights that add up to 100 whatever the step', () => {
    const steps = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 8 }).map((list) => [...list.sort((a, b) => a - b), 100]);
    fc.assert(fc.property(steps, fc.nat(), (list, pick) => {
      const at = list[pick % list.length] ?? 100;
      const { weights } = synth({ predictor, steps: list, at }).canary;
      expect(weights).toEqual({ stable: 100 - at, canary: at });
    }));
  });

  it.each<[string, Omit<CanaryProps, 'of'>, string]>([
    ['steps that fall', { predictor, steps: [50, 10, 100] }, 'each above the one before'],
    ['steps that do not end at 100', { predictor, steps: [10, 50] }, 'the last step must be 100'],
    ['a step that is none', { predictor, steps: [10, 100], at: 20 }, 'at must be 0 (rolled back) or one of the steps'],
    ['steps of blue/green', { predictor, strategy: 'BlueGreen', steps: [10, 100] }, 'BlueGreen goes from 0 to 100'],
    ['a bad version', { predictor, version: 'V4' }, 'the version\'s name must start with a letter'],
    ['a mirror without a shadow', { predictor, shadow: { percent: 10 } }, 'shadow has no effect with strategy Weighted'],
  ])('stops at %s', (_what, props, text) => expect(() => synth(props)).toThrow(text));
});

describe('Canary in serverless mode', () => {
  const serverless: Partial<InferenceServiceProps> = { mode: 'Serverless' };

  it('is the next revision, with its share', () => {
    const made = synth({ predictor, at: 10 }, serverless);
    expect(specOf(made)).toMatchObject({ predictor: { canaryTrafficPercent: 10, model: { storageUri: 's3://m/v4' } } });
    expect(JSON.stringify(specOf(made))).not.toContain('s3://m/v3');
  });

  it('has a tag as its own address', () => {
    expect(synth({ predictor, strategy: 'BlueGreen' }, serverless).canary.url).toBe('http://latest-iris-predictor.team.example.com');
  });

  it('cannot mirror', () => expect(() => synth({ predictor, strategy: 'Shadow' }, serverless)).toThrow('Knative cannot copy requests'));

  it('needs the stable revision when expanded', () => {
    expect(() => synth({ predictor }, { ...serverless, output: 'expand' })).toThrow('set stableRevision');
    const { objects } = synth({ predictor, at: 10, stableRevision: 'iris-predictor-00007' }, { ...serverless, output: 'expand' });
    expect(objects.find((o) => o.apiVersion === 'serving.knative.dev/v1')?.['spec']).toMatchObject({
      traffic: [{ latestRevision: true, percent: 10 }, { revisionName: 'iris-predictor-00007', percent: 90, tag: 'prev' }],
    });
  });
});
