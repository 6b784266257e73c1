import type { Condition, InferenceService, InferenceServiceStatus, KubeObject } from '../../../src/api';
import { render, worldOf } from '../../../src/render';
import { computeStatus } from '../../../src/status';

const NOW = '2026-01-02T03:04:05Z';

function service(mode: string, status?: InferenceServiceStatus): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'iris', namespace: 'ns', generation: 3, annotations: { 'serving.kserve.io/deploymentMode': mode } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris' } } },
    ...(status ? { status } : {}),
  };
}

const condition = (type: string, status: Condition['status'], reason?: string, message?: string): object => ({ type, status, ...(reason ? { reason } : {}), ...(message ? { message } : {}) });

function deployment(conditions: readonly object[], counts: { readonly availableReplicas?: number } = {}, spec: object = {}): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'iris-predictor', namespace: 'ns', generation: 1 }, spec, status: { observedGeneration: 1, ...counts, conditions } };
}

function route(name: string, ...conditions: object[]): KubeObject {
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name, namespace: 'ns' }, status: { parents: conditions.length > 0 ? [{ conditions }] : [] } };
}

function pod(name: string, created: string, status: object): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'ns', creationTimestamp: created }, status };
}

const accepted = condition('Accepted', 'True');
const address: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'iris-predictor', namespace: 'ns' } };
const routes = [route('iris', accepted), route('iris-predictor', accepted), address];
const unready = condition('Available', 'False', 'MinimumReplicasUnavailable');
const available = deployment([condition('Available', 'True', 'MinimumReplicasAvailable'), condition('Progressing', 'True', 'NewReplicaSetAvailable', 'done')], { availableReplicas: 1 });
const unavailable = deployment([condition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.')]);

function statusOf(isvc: InferenceService, children: readonly KubeObject[], pods: readonly KubeObject[] = [], now = NOW): InferenceServiceStatus {
  return computeStatus({ service: isvc, rendered: render(isvc, worldOf()), children, pods, now });
}

/** `Servable` and `Progressing` have tests of their own. */
function summary(status: InferenceServiceStatus): Record<string, string> {
  return Object.fromEntries((status.conditions ?? []).filter((c) => !['Servable', 'Progressing'].includes(c.type)).map((c) => [c.type, `${c.status}${c.reason ? ` ${c.reason}` : ''}`]));
}

describe('status of a raw service', () => {
  it.each<[string, readonly KubeObject[], Record<string, string>]>([
    ['nothing there yet', [], { PredictorReady: 'Unknown DeploymentMissing', IngressReady: 'False RouteMissing', Ready: 'False RouteMissing' }],
    ['a Deployment without replicas', [unavailable, ...routes], { PredictorReady: 'False MinimumReplicasUnavailable', IngressReady: 'True', Ready: 'False MinimumReplicasUnavailable' }],
    ['a Deployment that has not reported', [deployment([]), ...routes], { PredictorReady: 'Unknown DeploymentStarting', IngressReady: 'True', Ready: 'Unknown DeploymentStarting' }],
    ['a stuck rollout', [deployment([condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'x')]), ...routes], { PredictorReady: 'False ProgressDeadlineExceeded', IngressReady: 'True', Ready: 'False ProgressDeadlineExceeded' }],
    ['a stuck rollout over instances that answer', [deployment([unready, condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'x')], { availableReplicas: 1 }), ...routes], { PredictorReady: 'True MinimumReplicasUnavailable', IngressReady: 'True', Ready: 'True' }],
    ['fewer instances than it asks for', [deployment([unready, condition('Progressing', 'True', 'NewReplicaSetAvailable')], { availableReplicas: 2 }), ...routes], { PredictorReady: 'True MinimumReplicasUnavailable', IngressReady: 'True', Ready: 'True' }],
    ['a Deployment that somebody scaled to zero', [deployment([condition('Available', 'True', 'MinimumReplicasAvailable')], {}, { replicas: 0 }), ...routes], { PredictorReady: 'False NoInstance', IngressReady: 'True', Ready: 'False NoInstance' }],
    ['a quota in the way', [deployment([condition('ReplicaFailure', 'True', 'FailedCreate', 'quota')]), ...routes], { PredictorReady: 'False FailedCreate', IngressReady: 'True', Ready: 'False FailedCreate' }],
    ['a route nobody took', [available, route('iris'), route('iris-predictor', accepted), address], { PredictorReady: 'True NewReplicaSetAvailable', IngressReady: 'False ParentStatusNotAvailable', Ready: 'False ParentStatusNotAvailable' }],
    ['a refused route', [available, route('iris', condition('Accepted', 'False', 'NoMatchingParent', 'no')), route('iris-predictor', accepted), address], { PredictorReady: 'True NewReplicaSetAvailable', IngressReady: 'False NoMatchingParent', Ready: 'False NoMatchingParent' }],
    ['everything', [available, ...routes], { PredictorReady: 'True NewReplicaSetAvailable', IngressReady: 'True', Ready: 'True' }],
  ])('with %s', (_what, children, expected) => expect(summary(statusOf(service('RawDeployment'), children))).toEqual({ ...expected, Stopped: 'False' }));

  it('publishes its addresses once something answers, and its own generation', () => {
    expect(statusOf(service('RawDeployment'), [unavailable]).url).toBeUndefined();
    expect(statusOf(service('RawDeployment'), [available, ...routes])).toMatchObject({
      observedGeneration: 3, url: 'http://iris-ns.example.com', address: { url: 'http://iris-predictor.ns.svc.cluster.local' },
      deploymentMode: 'Standard', clusterServingRuntimeName: 'kserve-sklearnserver', components: { predictor: { url: 'http://iris-predictor-ns.example.com' } },
    });
  });

  it('keeps its addresses through an outage', () => {
    const before = statusOf(service('RawDeployment'), [available, ...routes]);
    expect(statusOf(service('RawDeployment', before), [unavailable, ...routes]).url).toBe(before.url);
  });

  it('moves a transition time only when a status changes', () => {
    const before = statusOf(service('RawDeployment'), [unavailable, ...routes]);
    const after = statusOf(service('RawDeployment', before), [available, ...routes], [], '2027-01-01T00:00:00Z');
    const times = Object.fromEntries((after.conditions ?? []).filter((c) => !['Servable', 'Progressing'].includes(c.type)).map((c) => [c.type, c.lastTransitionTime]));
    expect(times).toEqual({ PredictorReady: '2027-01-01T00:00:00Z', Ready: '2027-01-01T00:00:00Z', IngressReady: NOW, Stopped: NOW });
  });

  it('is stable: looking again at the same children changes nothing', () => {
    const first = statusOf(service('RawDeployment'), [available, ...routes]);
    expect(statusOf(service('RawDeployment', first), [available, ...routes], [], '2027-01-01T00:00:00Z')).toEqual(first);
  });
});

describe('the cause of a failure', () => {
  const crashed = { containerStatuses: [{ name: 'kserve-container', ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'model.joblib names posix.system\n' } } }] };

  it.each<[string, object, string, string]>([
    ['a crash with its last words', crashed, 'ModelLoadFailed', 'model.joblib names posix.system'],
    ['a failed fetch', { initContainerStatuses: [{ name: 'storage-initializer', state: { terminated: { exitCode: 1, message: 'no such bucket' } } }] }, 'ModelLoadFailed', 'no such bucket'],
    ['an image that cannot be pulled', { containerStatuses: [{ name: 'kserve-container', state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }] }, 'ImagePullBackOff', 'no such image'],
    ['memory', { containerStatuses: [{ name: 'kserve-container', state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }] }, 'OOMKilled', 'container kserve-container failed with exit code 137 (OOMKilled)'],
    ['scheduling', { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }] }, 'Unschedulable', '0/3 nodes'],
  ])('%s stands in PredictorReady, Ready and modelStatus', (_what, podStatus, reason, message) => {
    const status = statusOf(service('RawDeployment'), [unavailable, ...routes], [pod('p', NOW, podStatus)]);
    for (const type of ['PredictorReady', 'Ready']) expect(status.conditions).toContainEqual(expect.objectContaining({ type, status: 'False', reason, message }));
    expect(status.modelStatus).toMatchObject({ transitionStatus: 'BlockedByFailedLoad', lastFailureInfo: { message }, states: { targetModelState: 'FailedToLoad' } });
  });

  it('is the newest pod\'s, whatever the order of the list', () => {
    const old = pod('old', '2025-01-01T00:00:00Z', crashed);
    const fresh = pod('new', '2026-01-01T00:00:00Z', { containerStatuses: [{ name: 'kserve-container', state: { waiting: { reason: 'ContainerCreating' } } }] });
    for (const pods of [[old, fresh], [fresh, old]]) {
      expect(statusOf(service('RawDeployment'), [unavailable, ...routes], pods).modelStatus?.transitionStatus).toBe('InProgress');
    }
  });

  it('does not make a service un-Ready that still answers', () => {
    expect(summary(statusOf(service('RawDeployment'), [available, ...routes], [pod('p', NOW, crashed)]))['Ready']).toBe('True');
  });

  it('is gone after recovery', () => {
    const failed = statusOf(service('RawDeployment'), [unavailable, ...routes], [pod('p', NOW, crashed)]);
    expect(statusOf(service('RawDeployment', failed), [available, ...routes]).modelStatus?.lastFailureInfo).toBeUndefined();
  });
});

describe('status of an invalid service', () => {
  const broken: InferenceService = { ...service('RawDeployment', { url: 'http://x' }), spec: { predictor: { model: { modelFormat: { name: 'sklaern' } } } } };
  const told = { reason: 'NoSupportingRuntime', message: expect.stringContaining('did you mean "sklearn"') as string };

  it('says what is wrong, in KServe\'s reasons, and keeps the addresses of what still runs', () => {
    const status = statusOf(broken, [unavailable, ...routes]);
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'False', ...told }));
    expect(status).toMatchObject({ url: 'http://x', modelStatus: { transitionStatus: 'InvalidSpec', states: { activeModelState: '' } } });
  });

  it('stays Ready while the last valid spec answers', () => {
    const status = statusOf(broken, [available, ...routes]);
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'PredictorReady', status: 'True', ...told }));
    expect(summary(status)['Ready']).toBe('True');
    expect(status).toMatchObject({ modelStatus: { transitionStatus: 'InvalidSpec', states: { activeModelState: 'Loaded', targetModelState: 'FailedToLoad' }, lastFailureInfo: told } });
  });
});

describe('modelStatus of a raw service', () => {
  const up = condition('Available', 'True', 'MinimumReplicasAvailable');
  const moving = deployment([up, condition('Progressing', 'True', 'ReplicaSetUpdated')], { availableReplicas: 1 });
  const late = deployment([up, condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'timed out')], { availableReplicas: 1 });
  const unseen = { ...available, metadata: { ...available.metadata, generation: 2 } };
  const old = pod('old', '2025-01-01T00:00:00Z', { conditions: [{ type: 'Ready', status: 'True' }] });
  const fetching = pod('new', NOW, { initContainerStatuses: [{ name: 'storage-initializer', state: { running: {} } }] });
  const crashing = pod('new', NOW, { containerStatuses: [{ name: 'kserve-container', state: { terminated: { exitCode: 3, message: 'bad model' } } }] });

  it.each<[string, KubeObject, readonly KubeObject[], string]>([
    ['settled', available, [old], 'UpToDate Loaded Loaded'],
    ['settled, while a further instance does not start', available, [old, crashing], 'UpToDate Loaded Loaded'],
    ['edited and not yet looked at', unseen, [old], 'InProgress Loaded Pending'],
    ['fetching the next version', moving, [old, fetching], 'InProgress Loaded Loading'],
    ['with a next version that fails', moving, [old, crashing], 'BlockedByFailedLoad Loaded FailedToLoad bad model'],
    ['past the deadline', late, [old], 'BlockedByFailedLoad Loaded FailedToLoad timed out'],
    ['at its first start', unavailable, [fetching], 'InProgress  Loading'],
  ])('%s', (_what, child, pods, expected) => {
    const { transitionStatus = '', states, lastFailureInfo } = statusOf(service('RawDeployment'), [child, ...routes], pods).modelStatus ?? {};
    expect([transitionStatus, states?.activeModelState, states?.targetModelState, ...(lastFailureInfo ? [lastFailureInfo.message] : [])].join(' ')).toBe(expected);
  });

  it('does not count an instance that is on its way out', () => {
    const leaving = { ...old, metadata: { ...old.metadata, name: 'leaving', deletionTimestamp: NOW } };
    expect(statusOf(service('RawDeployment'), [available, ...routes], [old, leaving]).modelStatus?.copies).toEqual({ failedCopies: 0, totalCopies: 1 });
  });

  it('has the pod\'s words in Progressing when the deadline has passed, and the service stays Ready', () => {
    const { conditions } = statusOf(service('RawDeployment'), [late, ...routes], [old, crashing]);
    expect(conditions).toContainEqual(expect.objectContaining({ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'ModelLoadFailed: bad model; timed out' }));
    expect(conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
  });
});

describe('status of a service that goes from raw to serverless', () => {
  const gateway = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'g', namespace: 'kserve' }, status: { conditions: [accepted, condition('Programmed', 'True')] } };
  const parentRefs = [{ name: 'g', namespace: 'kserve' }];
  const before = (ingress: Condition['status']): InferenceServiceStatus => ({ url: 'http://iris', conditions: [{ type: 'IngressReady', status: ingress }] });
  const switching = (ingress: Condition['status'], way: KubeObject, gateways: readonly KubeObject[]): Record<string, string> => {
    const isvc = service('Serverless', before(ingress));
    const children = [available, address, { ...way, spec: { parentRefs } }, route('iris-predictor', accepted)];
    return summary(computeStatus({ service: isvc, rendered: render(isvc, worldOf()), children, pods: [], gateways, serving: [available], now: NOW }));
  };

  it.each<[string, Condition['status'], KubeObject, readonly KubeObject[], Record<string, string>]>([
    ['that it had answers', 'True', route('iris', accepted), [gateway], { IngressReady: 'True', Ready: 'True' }],
    ['answers again', 'False', route('iris', accepted), [gateway], { IngressReady: 'True', Ready: 'True' }],
    ['loses its gateway', 'True', route('iris', accepted), [], { IngressReady: 'False GatewayMissing', Ready: 'False GatewayMissing' }],
    ['is refused', 'True', route('iris', condition('Accepted', 'False', 'NoMatchingParent')), [gateway], { IngressReady: 'False NoMatchingParent', Ready: 'False NoMatchingParent' }],
    ['is not there, and was not', 'True', route('other', accepted), [gateway], { IngressReady: 'True', Ready: 'True' }],
  ])('whose way in %s', (_what, ingress, way, gateways, expected) => {
    expect(switching(ingress, way, gateways)).toMatchObject({ PredictorReady: 'True SwitchingMode', ...expected });
  });
});

describe('status of a serverless service', () => {
  const ksvc = (conditions: readonly object[], extra: object = {}, generation = 1): KubeObject => ({
    apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'iris-predictor', namespace: 'ns', generation },
    status: { observedGeneration: 1, conditions, ...extra },
  });
  const happy = ['Ready', 'RoutesReady', 'ConfigurationsReady'].map((t) => condition(t, 'True'));
  const revision = (n: number): object => ({
    url: 'http://iris-predictor.ns.example.com', latestCreatedRevisionName: `r${n}`, latestReadyRevisionName: `r${n}`, traffic: [{ revisionName: `r${n}`, latestRevision: true, percent: 100 }],
  });

  it('is Ready when its Knative Service is, with revisions and traffic', () => {
    const status = statusOf(service('Serverless'), [ksvc(happy, revision(1))]);
    expect(summary(status)).toEqual({
      Ready: 'True', PredictorReady: 'True', IngressReady: 'True', RoutesReady: 'True', LatestDeploymentReady: 'True', PredictorRouteReady: 'True', PredictorConfigurationReady: 'True', Stopped: 'False',
    });
    expect(status.components?.['predictor']).toMatchObject({ latestReadyRevision: 'r1', latestRolledoutRevision: 'r1' });
  });

  it('stays Ready over an edit that Knative has not looked at, and says of the latest revision that nothing is known', () => {
    expect(summary(statusOf(service('Serverless'), [ksvc(happy, revision(1), 2)]))).toMatchObject({ Ready: 'True', PredictorReady: 'True ServiceStarting', IngressReady: 'True', RoutesReady: 'Unknown ServiceStarting', LatestDeploymentReady: 'Unknown ServiceStarting' });
  });

  it.each<[string, InferenceServiceStatus, string | undefined, string]>([
    ['is told where its revision answers', {}, 'http://iris-predictor.ns.example.com', 'http://iris-predictor.ns.svc.cluster.local'],
    ['stays where it was told to be', { url: 'http://told', address: { url: 'http://told.svc' } }, 'http://told', 'http://told.svc'],
  ])('that becomes raw before it was ever told where it is, or after, %s', (_what, before, url, internal) => {
    const isvc = service('RawDeployment', before);
    const old = { ...ksvc(happy, revision(1)), metadata: { name: 'iris-predictor', namespace: 'ns', labels: { component: 'predictor' } } };
    const status = computeStatus({ service: isvc, rendered: render(isvc, worldOf()), children: [old], pods: [], serving: [old], now: NOW });
    expect(summary(status)).toMatchObject({ PredictorReady: 'True SwitchingMode' });
    expect([status.url, status.address?.url]).toEqual([url, internal]);
    const broken = { ...service('Serverless', before), spec: { predictor: { model: { modelFormat: { name: 'nobody' }, storageUri: 's3://m' } } } };
    const invalid = computeStatus({ service: broken, rendered: render(broken, worldOf()), children: [old], pods: [], now: NOW });
    expect([invalid.modelStatus?.transitionStatus, invalid.url, invalid.address?.url]).toEqual(['InvalidSpec', url, internal]);
  });

  it('remembers the revision before the one rolled out', () => {
    const first = statusOf(service('Serverless'), [ksvc(happy, revision(1))]);
    const second = statusOf(service('Serverless', first), [ksvc(happy, revision(2))]);
    expect(second.components?.['predictor']).toMatchObject({ latestRolledoutRevision: 'r2', previousRolledoutRevision: 'r1' });
  });

  it('marks what only informs', () => {
    const { conditions = [] } = statusOf(service('Serverless'), [ksvc(happy)]);
    expect(conditions.filter((c) => c.severity === undefined).map((c) => c.type)).toEqual(['IngressReady', 'PredictorReady', 'Ready']);
  });
});
