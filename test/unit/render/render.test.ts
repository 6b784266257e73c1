import fc from 'fast-check';
import type { InferenceService } from '../../../src/api';
import { render, worldOf } from '../../../src/render';

function service(spec: object, metadata: object = {}): InferenceService {
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ns', ...metadata }, spec } as InferenceService;
}
const sklearn = { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris' } } };

describe('render', () => {
  it('is pure: equal inputs give equal bytes and the input is untouched', () => {
    const input = service(sklearn);
    const before = JSON.stringify(input);
    expect(JSON.stringify(render(input, worldOf()))).toBe(JSON.stringify(render(input, worldOf())));
    expect(JSON.stringify(input)).toBe(before);
  });

  it.each([
    ['RawDeployment', 'Standard'], ['Standard', 'Standard'], ['Serverless', 'Knative'], ['Knative', 'Knative'],
  ])('reads mode %s as %s', (annotation, mode) => {
    expect(render(service(sklearn, { annotations: { 'serving.kserve.io/deploymentMode': annotation } }), worldOf()).mode).toBe(mode);
  });

  it.each([
    ['serverless mode without Knative', 'Serverless', 'serving.knative.dev/v1'],
    ['raw mode without Gateway API', 'RawDeployment', 'gateway.networking.k8s.io/v1'],
  ])('reports %s with the fix', (_what, mode, api) => {
    const result = render(service(sklearn, { annotations: { 'serving.kserve.io/deploymentMode': mode } }), worldOf({ apis: new Set(['apps/v1']) }));
    expect(result.children).toEqual([]);
    expect(result.problems).toEqual([expect.objectContaining({ code: 'ISVC_RENDER_MISSING_API', message: expect.stringContaining(api) as string, hint: expect.any(String) as string })]);
  });

  it.each([
    ['scaleMetricType', 'Standard', { scaleMetricType: 'Value' }],
    ['containerConcurrency', 'Standard', { containerConcurrency: 4 }],
    ['autoScaling', 'Knative', { autoScaling: { metrics: [] } }],
  ])('warns of %s in mode %s, where it does nothing', (field, mode, fields) => {
    const result = render(service({ predictor: { ...sklearn.predictor, ...fields } }, { annotations: { 'serving.kserve.io/deploymentMode': mode } }), worldOf());
    expect(result.problems).toEqual([expect.objectContaining({ code: 'ISVC_RENDER_IGNORED', severity: 'warning', path: `spec.predictor.${field}` })]);
    expect(result.children.length).toBeGreaterThan(0);
  });

  it('gives every child the service\'s namespace and label', () => {
    const modes = ['RawDeployment', 'Serverless'];
    const children = modes.flatMap((mode) => render(service(sklearn, { annotations: { 'serving.kserve.io/deploymentMode': mode } }), worldOf()).children);
    expect(children.length).toBe(6);
    for (const child of children) {
      expect(child.metadata.namespace).toBe('ns');
      expect(child.metadata.labels?.['serving.kserve.io/inferenceservice']).toBe('iris');
    }
  });

  it('gives children names that are unique and fit for DNS, and labels that fit, or says what is too long', () => {
    const word = fc.stringMatching(/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/);
    fc.assert(
      fc.property(word, fc.uniqueArray(word, { maxLength: 2 }), fc.boolean(), fc.constantFrom('RawDeployment', 'Serverless'), (name, versions, others, mode) => {
        const variants = mode === 'RawDeployment' ? versions : [];
        const spec = {
          ...sklearn,
          ...(others ? { transformer: { containers: [{ image: 't' }] }, explainer: { containers: [{ image: 'e' }] } } : {}),
          ...(variants.length > 0 ? { canary: variants.map((v) => ({ predictor: { name: v, ...sklearn.predictor }, trafficPercent: 10 })) } : {}),
        };
        const { children, problems } = render(service(spec, { name, namespace: 'n', annotations: { 'serving.kserve.io/deploymentMode': mode } }), worldOf());
        if (children.length === 0) expect(problems.map((p) => p.path)).toEqual(['metadata.name']);
        const names = children.map((c) => `${c.apiVersion} ${c.kind} ${c.metadata.name}`);
        expect(new Set(names).size).toBe(names.length);
        for (const child of children) {
          expect(child.metadata.name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
          for (const value of Object.values(child.metadata.labels ?? {})) expect(value.length).toBeLessThanOrEqual(63);
        }
      }),
    );
  });

  it('keeps every host within DNS limits or says which part is too long', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]([a-z0-9-]{0,60}[a-z0-9])?$/), fc.stringMatching(/^[a-z][a-z0-9]{0,40}$/), (name, namespace) => {
        const { children, problems } = render(service(sklearn, { name, namespace, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } }), worldOf());
        const hosts = children.flatMap((c) => ((c['spec'] as { hostnames?: string[] }).hostnames ?? []));
        for (const label of hosts.flatMap((h) => h.split('.'))) expect(label.length).toBeLessThanOrEqual(63);
        if (children.length === 0) expect(problems.map((p) => p.path)).toEqual(['metadata.name']);
      }),
    );
  });
});
