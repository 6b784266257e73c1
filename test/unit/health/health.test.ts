import type { Condition, InferenceGraph, InferenceService, KubeObject } from '../../../src/api';
import { render, renderGraph, worldOf } from '../../../src/render';
import { computeGraphStatus, computeStatus, type ChildRefusal } from '../../../src/status';
import { argoHealth, fluxHealth } from './evaluate';

type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended';
const FLUX = { Healthy: 'current', Suspended: 'current', Progressing: 'inProgress', Degraded: 'failed' } as const;

/** What the controller sees at one moment of a service's life. */
interface Moment {
  readonly what: string;
  readonly children?: readonly KubeObject[];
  readonly pods?: readonly KubeObject[];
  readonly refused?: readonly ChildRefusal[];
  /** Changes the service from here on. */
  readonly edit?: (service: InferenceService) => InferenceService;
  /** The edit has arrived and the controller has not looked yet. */
  readonly unseen?: boolean;
  readonly expected: Health;
  readonly message?: RegExp;
}

const condition = (type: string, status: Condition['status'], reason: string, message = ''): Condition => ({ type, status, reason, message });

function deployment(generation: number, ...conditions: Condition[]): KubeObject {
  const available = conditions.some((c) => c.type === 'Available' && c.status === 'True');
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'iris-predictor', namespace: 'ns', generation }, status: { observedGeneration: generation, availableReplicas: available ? 1 : 0, conditions } };
}

const route = (name: string): KubeObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name, namespace: 'ns' }, status: { parents: [{ conditions: [condition('Accepted', 'True', 'Accepted')] }] },
});
const address: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'iris-predictor', namespace: 'ns' } };
const routes = [route('iris'), route('iris-predictor'), address];
const starting = [deployment(1, condition('Available', 'False', 'MinimumReplicasUnavailable', 'no replica yet'), condition('Progressing', 'True', 'ReplicaSetUpdated')), ...routes];
const ready = [deployment(1, condition('Available', 'True', 'MinimumReplicasAvailable'), condition('Progressing', 'True', 'NewReplicaSetAvailable')), ...routes];
const rolling = [deployment(2, condition('Available', 'True', 'MinimumReplicasAvailable'), condition('Progressing', 'True', 'ReplicaSetUpdated')), ...routes];
const overdue = [deployment(1, condition('Available', 'False', 'MinimumReplicasUnavailable'), condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'has timed out progressing')), ...routes];
const stuck = [deployment(2, condition('Available', 'True', 'MinimumReplicasAvailable'), condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'has timed out progressing')), ...routes];
const down = [deployment(1, condition('Available', 'False', 'MinimumReplicasUnavailable', 'no replica'), condition('Progressing', 'True', 'NewReplicaSetAvailable')), ...routes];
/** Of a serverless service: what is said of the latest revision, and which one has the requests. */
const ksvc = (configurations: Condition['status'], latest: number, serves: number, routes: Condition['status'] = 'True'): KubeObject => ({
  apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'iris-predictor', namespace: 'ns', generation: 1 },
  status: {
    observedGeneration: 1, latestCreatedRevisionName: `iris-predictor-${latest}`, latestReadyRevisionName: `iris-predictor-${serves}`, traffic: [{ latestRevision: true, revisionName: `iris-predictor-${serves}`, percent: 100 }],
    conditions: [
      condition('ConfigurationsReady', configurations, 'RevisionFailed', configurations === 'False' ? 'the container ended' : ''), condition('RoutesReady', routes, 'TrafficNotMigrated'),
      condition('Ready', configurations === 'True' ? routes : configurations, configurations === 'True' ? 'TrafficNotMigrated' : 'RevisionFailed'),
    ],
  },
});
const badModel: KubeObject = {
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'ns', creationTimestamp: '2026-01-01T00:00:00Z' },
  status: { containerStatuses: [{ name: 'kserve-container', ready: false, restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1, message: 'model.joblib names posix.system' } } }] },
};

const annotated = (annotations: Record<string, string>) => (service: InferenceService): InferenceService => ({ ...service, metadata: { ...service.metadata, annotations: { ...service.metadata.annotations, ...annotations } } });
const withSpec = (predictor: object) => (service: InferenceService): InferenceService => ({ ...service, spec: { predictor: predictor as InferenceService['spec']['predictor'] } });

const STORIES: readonly (readonly [string, readonly Moment[]])[] = [
  ['a first start and a rollout', [
    { what: 'created', unseen: true, expected: 'Progressing', message: /waits for the controller/ },
    { what: 'children written', expected: 'Progressing' },
    { what: 'the pod starts', children: starting, expected: 'Progressing' },
    { what: 'available', children: ready, expected: 'Healthy', message: /^http:\/\/iris-ns\.example\.com$/ },
    { what: 'edited', children: ready, unseen: true, edit: withSpec({ model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris/v2' } }), expected: 'Progressing', message: /latest change/ },
    { what: 'rolling out', children: rolling, expected: 'Progressing', message: /rolling out/ },
    { what: 'rolled out', children: ready, expected: 'Healthy' },
  ]],
  ['a model that cannot be loaded', [
    { what: 'the pod starts', children: starting, expected: 'Progressing' },
    { what: 'the server ends', children: starting, pods: [badModel], expected: 'Degraded', message: /names posix\.system/ },
    { what: 'mended', children: ready, expected: 'Healthy' },
  ]],
  ['a start that passes its deadline', [
    { what: 'overdue', children: overdue, expected: 'Degraded', message: /timed out/ },
  ]],
  ['a rollout whose new version fails, while the old one answers', [
    { what: 'ready', children: ready, expected: 'Healthy' },
    { what: 'rolling out', children: rolling, edit: withSpec({ model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris/bad' } }), expected: 'Progressing' },
    { what: 'its pod fails', children: rolling, pods: [badModel], expected: 'Degraded', message: /names posix\.system/ },
    { what: 'past the deadline, its pod only starts', children: stuck, expected: 'Degraded', message: /timed out/ },
    { what: 'mended', children: ready, expected: 'Healthy' },
  ]],
  ['a scaler that the server refuses, beside instances that answer', [
    { what: 'refused', children: ready, refused: [{ child: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'iris-predictor', namespace: 'ns' }, message: 'exceeded quota' }], expected: 'Degraded', message: /exceeded quota/ },
  ]],
  ['a serverless service, its rollout and a revision that fails over one that answers', [
    { what: 'created', edit: annotated({ 'serving.kserve.io/deploymentMode': 'Serverless' }), expected: 'Progressing' },
    { what: 'ready', children: [ksvc('True', 1, 1)], expected: 'Healthy' },
    { what: 'edited', children: [ksvc('True', 1, 1)], unseen: true, edit: withSpec({ model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris/v2' } }), expected: 'Progressing', message: /latest change/ },
    { what: 'Knative has not looked', children: [{ ...ksvc('True', 1, 1), metadata: { ...ksvc('True', 1, 1).metadata, generation: 2 } }], expected: 'Progressing' },
    { what: 'the next revision starts', children: [ksvc('Unknown', 2, 1)], expected: 'Progressing', message: /rolling out/ },
    { what: 'its route moves', children: [ksvc('True', 2, 1, 'Unknown')], expected: 'Progressing' },
    { what: 'rolled out', children: [ksvc('True', 2, 2)], expected: 'Healthy' },
    { what: 'the one after that starts', children: [ksvc('Unknown', 3, 2)], edit: withSpec({ model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris/bad' } }), expected: 'Progressing' },
    { what: 'it fails', children: [ksvc('False', 3, 2)], expected: 'Degraded', message: /container ended/ },
  ]],
  ['an outage', [
    { what: 'ready', children: ready, expected: 'Healthy' },
    { what: 'no replica left', children: down, expected: 'Degraded', message: /no replica/ },
  ]],
  ['an edit that is not valid, while the last valid one serves', [
    { what: 'ready', children: ready, expected: 'Healthy' },
    { what: 'invalid', children: ready, edit: withSpec({ model: { modelFormat: { name: 'no-such-format' }, storageUri: 's3://m/iris' } }), expected: 'Degraded', message: /no-such-format/ },
  ]],
  ['a child that the server refuses', [
    { what: 'refused', children: [], refused: [{ child: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris-predictor', namespace: 'ns' }, message: 'exceeded quota' }], expected: 'Degraded', message: /exceeded quota/ },
  ]],
  ['stop and start', [
    { what: 'ready', children: ready, expected: 'Healthy' },
    { what: 'stopped', children: [], edit: annotated({ 'serving.kserve.io/stop': 'true' }), expected: 'Suspended' },
    { what: 'started', children: starting, edit: annotated({ 'serving.kserve.io/stop': 'false' }), expected: 'Progressing' },
    { what: 'ready again', children: ready, expected: 'Healthy' },
  ]],
];

describe('the health of a service, as Argo CD and Flux see it', () => {
  test.each(STORIES)('in %s', (_story, moments) => {
    let service: InferenceService = {
      apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
      metadata: { name: 'iris', namespace: 'ns', generation: 1, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
      spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris' } } },
    };
    for (const { what, edit, unseen, children = [], pods = [], refused = [], expected, message } of moments) {
      if (edit) service = { ...edit(service), metadata: { ...edit(service).metadata, generation: (service.metadata.generation ?? 0) + 1 } };
      if (!unseen) service = { ...service, status: computeStatus({ service, rendered: render(service, worldOf()), children, pods, refused, now: '2026-01-01T00:00:00Z' }) };
      const argo = argoHealth(service);
      expect([what, argo.status, fluxHealth(service)]).toEqual([what, expected, FLUX[expected]]);
      if (message) expect(argo.message).toMatch(message);
    }
  });
});

describe('the health of a service that KServe looks after, without our conditions', () => {
  test.each<[string, object | undefined, Health]>([
    ['before its first status', undefined, 'Progressing'],
    ['while something is missing', { conditions: [condition('Ready', 'Unknown', 'PredictorNotReady')] }, 'Progressing'],
    ['when its model cannot be loaded', { conditions: [condition('Ready', 'False', 'ModelLoadFailed', 'no such file')], modelStatus: { transitionStatus: 'BlockedByFailedLoad' } }, 'Degraded'],
    ['when it is ready', { conditions: [condition('Ready', 'True', '')], observedGeneration: 9 }, 'Healthy'],
  ])('%s', (_when, status, expected) => {
    const service = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', generation: 2 }, ...(status ? { status } : {}) } as KubeObject;
    expect([argoHealth(service).status, fluxHealth(service)]).toEqual([expected, FLUX[expected]]);
  });
});

describe('the health of a graph', () => {
  const graph: InferenceGraph = {
    apiVersion: 'serving.kserve.io/v1alpha1', kind: 'InferenceGraph',
    metadata: { name: 'flowers', namespace: 'ns', generation: 1, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { nodes: { root: { routerType: 'Sequence', steps: [{ serviceUrl: 'http://iris.example.com' }] } } },
  };
  const named = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, name: 'flowers' } });

  test.each<[string, InferenceGraph, readonly KubeObject[], Health]>([
    ['while its router starts', graph, starting.map(named), 'Progressing'],
    ['when it answers', graph, ready.map(named), 'Healthy'],
    ['when it is not valid', { ...graph, spec: { nodes: { first: { routerType: 'Sequence', steps: [{ serviceUrl: 'http://x.example.com' }] } } } }, [], 'Degraded'],
    ['when it is stopped', { ...graph, metadata: { ...graph.metadata, annotations: { ...graph.metadata.annotations, 'serving.kserve.io/stop': 'true' } } }, [], 'Suspended'],
  ])('%s', (_when, given, children, expected) => {
    const status = computeGraphStatus({ graph: given, rendered: renderGraph(given, worldOf()), children, pods: [], services: [], now: '2026-01-01T00:00:00Z' });
    const seen = { ...given, status };
    expect([argoHealth(seen).status, fluxHealth(seen)]).toEqual([expected, FLUX[expected]]);
  });
});
