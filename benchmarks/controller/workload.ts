import { INFERENCE_SERVICE_API, SERVING_RUNTIME_API, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import type { HttpKubeApi } from 'cdk8s-kserve-controller';

export const NAMESPACE = 'bench';
const RUNTIME = 'bench-runtime';
const CHILD_APIS = { Deployment: 'apps/v1', Service: 'v1', HorizontalPodAutoscaler: 'autoscaling/v2', Ingress: 'networking.k8s.io/v1' } as const;

export type ChildKind = keyof typeof CHILD_APIS;

export function runtime(tag: string): KubeObject {
  return {
    apiVersion: SERVING_RUNTIME_API, kind: 'ClusterServingRuntime', metadata: { name: RUNTIME },
    spec: { supportedModelFormats: [{ name: 'sklearn', version: '1' }], containers: [{ name: 'kserve-container', image: `bench/server:${tag}` }] },
  };
}

export function service(index: number): KubeObject {
  return {
    apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService',
    metadata: { name: `s${index}`, namespace: NAMESPACE, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, runtime: RUNTIME, storageUri: 'pvc://models/iris' } } },
  };
}

export function serviceRef(index: number): ObjectRef {
  return { apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', name: `s${index}`, namespace: NAMESPACE };
}

export async function children(api: HttpKubeApi, kind: ChildKind): Promise<readonly KubeObject[]> {
  const resource = await api.discover(CHILD_APIS[kind], kind);
  return resource ? (await api.list(resource, { namespace: NAMESPACE })).items : [];
}

export async function anythingLeft(api: HttpKubeApi): Promise<boolean> {
  for (const kind of Object.keys(CHILD_APIS) as ChildKind[]) if ((await children(api, kind)).length > 0) return true;
  return false;
}

/** Whether the Deployment controller has something to do. */
export function isRolling({ metadata, status }: KubeObject): boolean {
  return (status as { observedGeneration?: number } | undefined)?.observedGeneration !== metadata.generation;
}

/** Plays the Deployment controller, as a rollout that has gone well. */
export async function makeAvailable(api: HttpKubeApi, deployment: KubeObject): Promise<void> {
  await api.replaceStatus({
    ...deployment,
    status: {
      observedGeneration: deployment.metadata.generation, replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1,
      conditions: [{ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' }, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
    },
  });
}

export async function readyServices(api: HttpKubeApi): Promise<number> {
  const resource = await api.discover(INFERENCE_SERVICE_API, 'InferenceService');
  const { items } = resource ? await api.list(resource, { namespace: NAMESPACE }) : { items: [] };
  return items.filter((s) => ((s['status'] ?? {}) as { conditions?: { type: string; status: string }[] }).conditions?.some((c) => c.type === 'Ready' && c.status === 'True')).length;
}

/** Runs as many of the jobs at once as an API server takes without pushing back. */
export async function inParallel<T>(items: readonly T[], job: (item: T) => Promise<unknown>): Promise<void> {
  const open = [...items];
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let item = open.shift(); item !== undefined; item = open.shift()) await job(item);
  }));
}

export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
