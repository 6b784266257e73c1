import type { Condition, InferenceGraph, InferenceService, KubeObject } from '../../../src/api';
import { renderGraph, worldOf } from '../../../src/render';
import { computeGraphStatus, type GraphStatusInput } from '../../../src/status';

const NOW = '2026-01-02T00:00:00Z';
const EARLIER = '2026-01-01T00:00:00Z';

function graph(mode: 'RawDeployment' | 'Serverless', ...services: readonly string[]): InferenceGraph {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1', kind: 'InferenceGraph',
    metadata: { name: 'flowers', namespace: 'ns', generation: 1, annotations: { 'serving.kserve.io/deploymentMode': mode } },
    spec: { nodes: { root: { routerType: 'Sequence', steps: services.map((serviceName) => ({ serviceName })) } } },
  };
}

function service(name: string, servable: 'True' | 'False' = 'True'): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name, namespace: 'ns' },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris' } } },
    status: { conditions: [{ type: 'Servable', status: servable, ...(servable === 'True' ? {} : { reason: 'NoInstance' }) }] },
  };
}

const PLAYED: Readonly<Record<string, object>> = {
  Deployment: {
    availableReplicas: 1, observedGeneration: 1,
    conditions: [{ type: 'Available', status: 'True' }, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
  },
  HTTPRoute: { parents: [{ conditions: [{ type: 'Accepted', status: 'True' }] }] },
  'Knative Service': {
    observedGeneration: 1, latestCreatedRevisionName: 'flowers-00001', latestReadyRevisionName: 'flowers-00001', traffic: [{ revisionName: 'flowers-00001', percent: 100 }],
    conditions: ['Ready', 'RoutesReady', 'ConfigurationsReady'].map((type) => ({ type, status: 'True' })),
  },
};

/** The graph's children as they are when all is well. */
function childrenOf(of: InferenceGraph, services: readonly InferenceService[], statuses: Readonly<Record<string, object>> = {}): readonly KubeObject[] {
  return renderGraph(of, { ...worldOf(), services }).children.map((child) => {
    const kind = child.apiVersion.startsWith('serving.knative.dev/') ? 'Knative Service' : child.kind;
    return { ...child, metadata: { ...child.metadata, generation: 1, creationTimestamp: EARLIER }, status: { ...PLAYED[kind], ...statuses[kind] } };
  });
}

function look(of: InferenceGraph, services: readonly InferenceService[], children: readonly KubeObject[], further: Partial<GraphStatusInput> = {}): InferenceGraph {
  const rendered = renderGraph(of, { ...worldOf(), services });
  return { ...of, status: computeGraphStatus({ graph: of, rendered, children, services, pods: [], now: NOW, ...further }) };
}

function says({ status }: InferenceGraph, type: string): string {
  const { status: is, reason, message } = status?.conditions?.find((c: Condition) => c.type === type) ?? { status: 'absent' };
  return [is, reason, message].filter(Boolean).join(' ');
}

function edited(of: InferenceGraph, nodes: object): InferenceGraph {
  return { ...of, metadata: { ...of.metadata, generation: 2 }, spec: { nodes: nodes as never } };
}

const INVALID = { first: { routerType: 'Sequence', steps: [{ serviceName: 'iris' }] } };

describe.each(['RawDeployment', 'Serverless'] as const)('a graph in mode %s', (mode) => {
  const given = graph(mode, 'iris');
  const children = childrenOf(given, [service('iris')]);
  const ready = look(given, [service('iris')], children);

  test('is Ready, settled and addressed when router, way in and services answer', () => {
    expect([says(ready, 'Ready'), says(ready, 'Progressing')]).toEqual(['True', 'False Settled']);
    expect(ready.status?.url).toMatch(/^http:\/\/flowers[.-]ns/);
  });

  test('stays Ready at its address through an edit that is not valid, which another condition tells of', () => {
    const broken = look(edited(ready, INVALID), [service('iris')], children);
    expect(says(broken, 'Ready')).toBe('True');
    expect(says(broken, 'RouterReady')).toMatch(/^True InvalidGraph the last valid spec answers: spec\.nodes.*root/);
    expect(says(broken, 'Progressing')).toMatch(/^False InvalidSpec waits for a valid spec: spec\.nodes.*root/);
    expect(broken.status).toMatchObject({ observedGeneration: 2, url: ready.status?.url });
    const mended = look(edited(broken, given.spec.nodes), [service('iris')], children);
    expect([says(mended, 'Ready'), says(mended, 'RouterReady'), says(mended, 'Progressing')]).toEqual([says(ready, 'Ready'), says(ready, 'RouterReady'), says(ready, 'Progressing')]);
  });

  test('is as ready then as the services that its router was told of', () => {
    const broken = look(edited(ready, INVALID), [service('iris', 'False'), service('other')], children);
    expect(says(broken, 'Ready')).toBe('False ServicesNotReady these services do not answer: iris (NoInstance)');
    const gone = look(ready, [], children);
    expect(says(gone, 'Ready')).toBe('False ServicesNotReady these services do not answer: iris (does not exist)');
    expect(says(gone, 'Progressing')).toMatch(/^False InvalidSpec .*there is no InferenceService "iris"/);
  });

  test('is not Ready when nothing answers behind an edit that is not valid', () => {
    const broken = look(edited(ready, INVALID), [service('iris')], []);
    expect(says(broken, 'Ready')).toMatch(/^False InvalidGraph spec\.nodes/);
    expect(says(broken, 'StepsReady')).toBe('Unknown InvalidGraph waits for a valid spec');
  });

  test('waits for the services that it calls', () => {
    const waiting = look(given, [service('iris', 'False')], children);
    expect(says(waiting, 'Progressing')).toBe('True WaitingForServices these services do not answer: iris (NoInstance)');
  });

  test('says nothing of waiting when it is stopped', () => {
    const stopped = look({ ...ready, metadata: { ...ready.metadata, annotations: { ...ready.metadata.annotations, 'serving.kserve.io/stop': 'true' } } }, [service('iris')], []);
    expect([says(stopped, 'Ready'), says(stopped, 'Progressing')]).toEqual(['False Stopped the stop annotation is true', 'False Stopped']);
  });
});

describe('a raw graph', () => {
  const given = graph('RawDeployment', 'iris');
  const services = [service('iris')];
  const children = childrenOf(given, services);
  const ready = look(given, services, children);

  test('answers nobody without its Service, whatever its spec', () => {
    const unaddressed = children.filter((c) => c.kind !== 'Service');
    expect(says(look(given, services, unaddressed), 'Ready')).toBe('False ServiceMissing Service flowers does not exist yet');
    expect(says(look(edited(ready, INVALID), services, unaddressed), 'Ready')).toMatch(/^False InvalidGraph/);
  });

  test('that is not valid needs its route and Gateway all the same', () => {
    expect(says(look(edited(ready, INVALID), services, children, { gateways: [] }), 'Ready')).toMatch(/^False GatewayMissing HTTPRoute flowers/);
  });

  test.each([
    ['rolls out', { Deployment: { observedGeneration: 0 } }, 'True RollingOut Deployment flowers is rolling out'],
    ['is stuck', { Deployment: { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too slow' }] } }, 'False ProgressDeadlineExceeded too slow'],
    ['waits for its route', { HTTPRoute: { parents: [] } }, 'True WaitingForRoute HTTPRoute flowers has not been accepted by Gateway kserve/kserve-ingress-gateway yet'],
  ])('whose router %s says so', (_what, statuses, expected) => {
    expect(says(look(given, services, childrenOf(given, services, statuses)), 'Progressing')).toBe(expected);
  });

  test('with a child that cannot be written, or none yet, says so', () => {
    const refused = [{ child: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'flowers', namespace: 'ns' }, message: 'exceeded quota' }];
    expect(says(look(given, services, [], { refused }), 'Progressing')).toBe('False ReconcileFailed Deployment flowers: exceeded quota');
    expect(says(look(given, services, []), 'Progressing')).toBe('True RollingOut no router exists yet');
  });

  test.each([
    ['other arguments', ['--config', 'graph.json']],
    ['arguments that are no JSON', ['--graph-json', '{']],
    ['JSON that is no graph', ['--graph-json', 'null']],
  ])('whose router was given %s by hand tells of no service', (_what, args) => {
    const byHand = children.map((c) => (c.kind === 'Deployment' ? { ...c, spec: { template: { spec: { containers: [{ args }] } } } } : c));
    expect(says(look(edited(ready, INVALID), [], byHand), 'StepsReady')).toBe('True');
  });
});

describe('a serverless graph', () => {
  const given = graph('Serverless', 'iris');
  const services = [service('iris')];
  const moving = (route: object, configuration: object): readonly KubeObject[] => childrenOf(given, services, {
    'Knative Service': {
      latestCreatedRevisionName: 'flowers-00002',
      conditions: [{ type: 'Ready', status: 'Unknown' }, { type: 'RoutesReady', ...route }, { type: 'ConfigurationsReady', ...configuration }],
    },
  });
  const ready = look(given, services, childrenOf(given, services));

  test('stays Ready while its next revision starts, and when that fails', () => {
    const starting = look(ready, services, moving({ status: 'Unknown' }, { status: 'Unknown' }));
    expect([says(starting, 'Ready'), says(starting, 'Progressing')]).toEqual(['True', 'True RollingOut Service flowers is rolling out']);
    const failed = look(starting, services, moving({ status: 'True' }, { status: 'False', reason: 'RevisionFailed', message: 'exit 1' }));
    expect([says(failed, 'Ready'), says(failed, 'Progressing')]).toEqual(['True', 'False RevisionFailed exit 1']);
  });

  test('is not Ready when the Knative Service is another one, whose route moves', () => {
    const anew = moving({ status: 'Unknown' }, { status: 'Unknown' }).map((c) => ({ ...c, metadata: { ...c.metadata, creationTimestamp: '2026-01-03T00:00:00Z' } }));
    expect(says(look(ready, services, anew), 'Ready')).toMatch(/^Unknown/);
  });
});
