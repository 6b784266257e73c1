import fc from 'fast-check';
import { parsePlatformConfig, type InferenceGraph, type InferenceService } from '../../../src/api';
import { render, renderGraph, worldOf } from '../../../src/render';

const model = { modelFormat: { name: 'sklearn', version: '1' }, storageUri: 's3://m/iris', env: [{ name: 'A', value: 'b' }], resources: { limits: { cpu: '1' } } };
/** A service that has something of everything. */
const RICH = {
  predictor: {
    name: 'v1', minReplicas: 2, maxReplicas: 4, scaleMetric: 'cpu', scaleTarget: 60, timeout: 5, model,
    containers: [{ name: 'side', image: 'x', ports: [{ containerPort: 1, name: 'a' }] }],
    logger: { mode: 'all', storage: { path: 'x', key: 'y', parameters: { type: 's3' } } }, batcher: { maxBatchSize: 2 },
    autoScaling: { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }] },
    tolerations: [{ key: 'gpu' }], nodeSelector: { a: 'b' }, volumes: [{ name: 'v', emptyDir: {} }], serviceAccountName: 'sa',
  },
  transformer: { containers: [{ image: 't', args: ['--x'], env: [{ name: 'PROTOCOL', value: 'v2' }] }] },
  explainer: { art: { type: 'SquareAttack', config: { a: 'b' } } },
  canary: [{ predictor: { name: 'v2', model: { ...model, storageUri: 'oci://r/x:1' } }, trafficPercent: 20 }],
};

const junk = fc.oneof(fc.constantFrom<unknown>(null, true, 0, -1, '', 'x', [], {}, [null], ['x'], { a: 1 }, [{}]), fc.jsonValue());

/** All places in a value, deepest last. */
function places(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, Array.isArray(value) ? Number(key) : key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === key ? replaced(item, rest, by) : item));
  const fields = value as Record<string, unknown>;
  return { ...fields, [key]: replaced(fields[key], rest, by) };
}

describe('render, given nonsense', () => {
  const spots = places(RICH).slice(1);

  it.each(['RawDeployment', 'Serverless'])('says what is wrong in %s mode and never throws, whatever stands at one place of a spec', (mode) => {
    fc.assert(
      fc.property(fc.constantFrom(...spots), junk, (path, value) => {
        const metadata = { name: 'iris', namespace: 'ns', annotations: { 'serving.kserve.io/deploymentMode': mode } };
        const service = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata, spec: replaced(RICH, path, value) } as InferenceService;
        const { children, problems } = render(service, worldOf());
        if (children.length === 0) expect(problems.length).toBeGreaterThan(0);
        for (const problem of problems) expect(problem.path).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });

  it('says what is wrong with labels and annotations that are no text', () => {
    const metadata = { name: 'iris', annotations: { 'serving.kserve.io/stop': true }, labels: { a: 1 } };
    const service = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata, spec: { predictor: { model } } } as unknown as InferenceService;
    expect(render(service, worldOf()).problems.map((p) => p.path).sort()).toEqual(['metadata.annotations.serving.kserve.io/stop', 'metadata.labels.a']);
  });

  it('never throws for a graph either', () => {
    const spec = { nodes: { root: { routerType: 'Switch', steps: [{ nodeName: 'b', condition: 'x' }, { serviceName: 's', condition: 'y' }] }, b: { routerType: 'Splitter', steps: [{ serviceUrl: 'http://x', weight: 100 }] } }, resources: { limits: { cpu: '1' } }, minReplicas: 1 };
    fc.assert(
      fc.property(fc.constantFrom(...places(spec).slice(1)), junk, (path, value) => {
        const graph = { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'InferenceGraph', metadata: { name: 'g', namespace: 'ns' }, spec: replaced(spec, path, value) } as InferenceGraph;
        const { children, problems } = renderGraph(graph, worldOf());
        if (children.length === 0) expect(problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  it('takes any ConfigMap for a platform that it can render on', () => {
    const sections = ['deploy', 'ingress', 'storageInitializer', 'credentials', 'agent', 'logger', 'router', 'explainers', 'autoscaler', 'metricsAggregator', 'inferenceService', 'security', 'service'];
    const service = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ns' }, spec: RICH } as unknown as InferenceService;
    fc.assert(
      fc.property(fc.constantFrom(...sections), fc.constantFrom('image', 'headers', 'resource', 's3', 'gcs', 'art', 'deploymentRolloutStrategy', 'ingressDomain', 'pathTemplate', 'additionalIngressDomains', 'domainTemplate'), junk, (section, key, value) => {
        const { config } = parsePlatformConfig({ [section]: JSON.stringify({ [key]: value }) ?? '' });
        for (const mode of ['RawDeployment', 'Serverless']) {
          const annotated = { ...service, metadata: { ...service.metadata, annotations: { 'serving.kserve.io/deploymentMode': mode } } };
          expect(() => render(annotated, worldOf({ config }))).not.toThrow();
        }
      }),
      { numRuns: 150 },
    );
  });
});
