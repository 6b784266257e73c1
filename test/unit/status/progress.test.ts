import type { InferenceService, KubeObject } from '../../../src/api';
import { render, worldOf } from '../../../src/render';
import { computeStatus } from '../../../src/status';

const NOW = '2026-01-02T03:04:05Z';

function service(mode: string, more: Partial<InferenceService['spec']> = {}, annotations: Record<string, string> = {}): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'iris', namespace: 'ns', generation: 1, annotations: { 'serving.kserve.io/deploymentMode': mode, ...annotations } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://m/iris' } }, ...more },
  };
}

function deployment(available: number, progressing: readonly [string, string], name = 'iris-predictor'): KubeObject {
  const [status, reason] = progressing;
  return {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'ns', generation: 2 },
    status: { observedGeneration: 2, availableReplicas: available, conditions: [{ type: 'Available', status: available > 0 ? 'True' : 'False' }, { type: 'Progressing', status, reason, message: reason }] },
  };
}

function ksvc(ready: string, configurations: string, revision?: string): KubeObject {
  return {
    apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'iris-predictor', namespace: 'ns', generation: 1 },
    status: {
      observedGeneration: 1, ...(revision ? { latestReadyRevisionName: revision } : {}),
      conditions: [{ type: 'Ready', status: ready }, { type: 'RoutesReady', status: 'True' }, { type: 'ConfigurationsReady', status: configurations, reason: 'RevisionFailed' }],
    },
  };
}

function route(name: string, accepted: boolean): KubeObject {
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name, namespace: 'ns' }, status: { parents: accepted ? [{ conditions: [{ type: 'Accepted', status: 'True' }] }] : [] } };
}

/** The name that callers use. */
function address(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'ns' } };
}

const settled = ['True', 'NewReplicaSetAvailable'] as const;
const rolling = ['True', 'ReplicaSetUpdated'] as const;
const routes = [route('iris', true), route('iris-predictor', true), address('iris-predictor'), address('iris-transformer')];
const transformer = { containers: [{ name: 'kserve-container', image: 'my/t:1' }] };
const invalidWithTransformer = { transformer, predictor: { name: 'next', model: { modelFormat: { name: 'cobol' }, storageUri: 'pvc://m/iris' } } };
const invalid = { predictor: { model: { modelFormat: { name: 'cobol' }, storageUri: 'pvc://m/iris' } } };

/** Its status from before. */
const wasUp = (of: InferenceService, reason?: string): InferenceService => ({ ...of, status: { conditions: [{ type: 'IngressReady', status: 'True', ...(reason ? { reason } : {}) }] } });

describe('Ready, Servable and Progressing', () => {
  it.each<[string, InferenceService, readonly KubeObject[], string]>([
    ['nothing there yet', service('RawDeployment'), [], 'False; False NoInstance; True RollingOut'],
    ['starting', service('RawDeployment'), [deployment(0, rolling), ...routes], 'False; False NoInstance; True RollingOut'],
    ['up, its route not yet accepted', service('RawDeployment'), [deployment(1, settled), route('iris', false), route('iris-predictor', true), address('iris-predictor')], 'False; False ParentStatusNotAvailable; True WaitingForRoute'],
    ['up', service('RawDeployment'), [deployment(1, settled), ...routes], 'True; True; False Settled'],
    ['rolling out while the old version answers', service('RawDeployment'), [deployment(1, rolling), ...routes], 'True; True; True RollingOut'],
    ['past its deadline', service('RawDeployment'), [deployment(0, ['False', 'ProgressDeadlineExceeded']), ...routes], 'False; False NoInstance; False ProgressDeadlineExceeded'],
    ['past its deadline while the old version answers', service('RawDeployment'), [deployment(1, ['False', 'ProgressDeadlineExceeded']), ...routes], 'True; True; False ProgressDeadlineExceeded'],
    ['all instances lost after it was up', service('RawDeployment'), [deployment(0, settled), ...routes], 'False; False NoInstance; False Settled'],
    ['an invalid spec over a version that answers', service('RawDeployment', invalid), [deployment(1, settled), ...routes], 'True; True; False InvalidSpec'],
    ['an invalid spec that also names and adds components', service('RawDeployment', invalidWithTransformer), [deployment(1, settled), ...routes], 'True; True; False InvalidSpec'],
    ['an invalid spec over a version whose route is gone', wasUp(service('RawDeployment', invalid)), [deployment(1, settled), address('iris-predictor')], 'False; False RouteMissing; False InvalidSpec'],
    ['an invalid spec over a version that never had a route', wasUp(service('RawDeployment', invalid), 'NotPublished'), [deployment(1, settled), address('iris-predictor')], 'True; True; False InvalidSpec'],
    ['an invalid spec over such a version, looked at again', { ...service('RawDeployment', invalid), status: { conditions: [{ type: 'IngressReady', status: 'True' }], address: { url: 'http://iris-predictor.ns' } } }, [deployment(1, settled), address('iris-predictor')], 'True; True; False InvalidSpec'],
    ['an invalid spec over a version on Knative, which has its own route', wasUp(service('RawDeployment', invalid)), [ksvc('True', 'True', 'r1')], 'True; True; False InvalidSpec'],
    ['an invalid spec over a version that does not answer', service('RawDeployment', invalid), [deployment(0, settled), ...routes], 'False; False NoInstance; False InvalidSpec'],
    ['a Service of its name that is not there', service('RawDeployment'), [deployment(1, settled), route('iris', true), route('iris-predictor', true)], 'False; False NoInstance; False Settled'],
    ['a Service that somebody made lead to other pods', service('RawDeployment'), [{ ...deployment(1, settled), spec: { template: { metadata: { labels: { app: 'isvc.iris-predictor' } } } } }, ...routes.filter((r) => r.kind !== 'Service'), { ...address('iris-predictor'), spec: { selector: { app: 'other' } } }], 'False; False NoInstance; False Settled'],
    ['a minimum availability of none', service('RawDeployment'), [{ ...deployment(0, settled), status: { observedGeneration: 2, conditions: [{ type: 'Available', status: 'True' }, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }] } }, ...routes], 'False; False NoInstance; False Settled'],
    ['a transformer that does not answer', service('RawDeployment', { transformer }), [deployment(1, settled), deployment(0, rolling, 'iris-transformer'), ...routes, route('iris-transformer', true)], 'False; False NoInstance; True RollingOut'],
    ['a canary alone', service('RawDeployment'), [deployment(1, settled, 'iris-next-predictor'), ...routes], 'Unknown; False NoInstance; True RollingOut'],
    ['a Knative Service that is up', service('Serverless'), [ksvc('True', 'True', 'r1')], 'True; True; False Settled'],
    ['a failed revision over one that answers', service('Serverless'), [ksvc('False', 'False', 'r1')], 'True; True; False RevisionFailed'],
    ['stopped', service('RawDeployment', {}, { 'serving.kserve.io/stop': 'true' }), [], 'False; False Stopped; False Stopped'],
  ])('%s', (_what, isvc, children, expected) => {
    const rendered = render(isvc, worldOf({ apis: new Set(['gateway.networking.k8s.io/v1', 'serving.knative.dev/v1']) }));
    const { conditions = [] } = computeStatus({ service: isvc, rendered, children, pods: [], now: NOW });
    const of = (type: string, words = true): string => {
      const found = conditions.find((c) => c.type === type);
      return `${found?.status ?? 'absent'}${words && found?.reason ? ` ${found.reason}` : ''}`;
    };
    expect([of('Ready', false), of('Servable'), of('Progressing')].join('; ')).toBe(expected);
  });
});
