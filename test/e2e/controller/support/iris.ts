import { INFERENCE_SERVICE_API, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';

type Mode = 'RawDeployment' | 'Serverless';

/** The service of most tests: the iris classifier, in raw mode unless told otherwise. */
export function iris(namespace: string, options: { readonly mode?: Mode; readonly predictor?: object; readonly annotations?: Record<string, string> } = {}): KubeObject {
  return {
    apiVersion: INFERENCE_SERVICE_API,
    kind: 'InferenceService',
    metadata: {
      name: 'iris', namespace,
      annotations: { 'serving.kserve.io/deploymentMode': options.mode ?? 'RawDeployment', ...options.annotations },
    },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://models/iris' }, ...options.predictor } },
  };
}

export function irisRef(namespace: string): ObjectRef {
  return { apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', name: 'iris', namespace };
}

/** The children of a raw service, in the order in which they are applied. */
export function rawChildren(namespace: string): readonly ObjectRef[] {
  return [
    { apiVersion: 'v1', kind: 'Service', name: 'iris-predictor', namespace },
    deploymentRef(namespace),
    { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'iris-predictor', namespace },
    { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', name: 'iris-predictor', namespace },
    { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', name: 'iris', namespace },
  ];
}

export function deploymentRef(namespace: string): ObjectRef {
  return { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris-predictor', namespace };
}

export function knativeRef(namespace: string): ObjectRef {
  return { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'iris-predictor', namespace };
}

interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** `True`, or `False Reason: message`; undefined while the condition is not there. */
export function condition(object: KubeObject | undefined, type: string): string | undefined {
  const { conditions = [] } = (object?.['status'] ?? {}) as { readonly conditions?: readonly ConditionLike[] };
  const found = conditions.find((c) => c.type === type);
  return found && [found.status, found.reason, found.message].filter(Boolean).join(' ');
}

/** Plays the controllers that make a Deployment available and a gateway accept the routes. */
export async function makeChildrenReady(api: KubeApi, namespace: string): Promise<void> {
  await makeReady(api, rawChildren(namespace));
}

/** The same for named objects; those that have no status are left alone. */
export async function makeReady(api: KubeApi, refs: readonly ObjectRef[]): Promise<void> {
  for (const ref of refs) {
    const object = await api.get(ref);
    if (object && ref.kind === 'Deployment') {
      await api.replaceStatus({
        ...object,
        status: {
          observedGeneration: object.metadata.generation, replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1,
          conditions: [
            { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' },
            { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: 'done' },
          ],
        },
      });
    } else if (object && ref.kind === 'HTTPRoute') {
      const parent = {
        parentRef: { name: 'kserve-ingress-gateway', namespace: 'kserve' }, controllerName: 'test/gateway',
        conditions: ['Accepted', 'ResolvedRefs'].map((type) => ({ type, status: 'True', reason: type, message: '', lastTransitionTime: '2026-01-01T00:00:00Z' })),
      };
      await api.replaceStatus({ ...object, status: { parents: [parent] } });
    }
  }
}
