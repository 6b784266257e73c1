import type { JsonObject, KubeObject } from 'cdk8s-kserve/api';
import { arrayAt, type MutableJson, objectAt } from '../json';
import { toAutoscalingV2 } from './autoscaler-conversion';
import { defaultPodSpec, defaultPodTemplate } from './pod-defaults';

// Defaults that depend on other fields of the object. Each changes the object in place.

export function defaultPod(pod: MutableJson): void {
  const spec = objectAt(pod, 'spec') as MutableJson | undefined;
  defaultPodSpec(spec);
  // Of pods alone, not of the pod templates of other kinds.
  if (spec) spec['enableServiceLinks'] ??= true;
  pod['status'] = { phase: 'Pending', qosClass: qosClassOf(pod), ...(objectAt(pod, 'status') ?? {}) };
}

export function defaultDeployment(deployment: MutableJson): void {
  defaultPodTemplate(deployment);
  const spec = objectAt(deployment, 'spec') as MutableJson | undefined;
  if (!spec) return;
  const strategy = (spec['strategy'] ??= {}) as MutableJson;
  strategy['type'] ??= 'RollingUpdate';
  if (strategy['type'] === 'RollingUpdate') strategy['rollingUpdate'] = { maxSurge: '25%', maxUnavailable: '25%', ...(strategy['rollingUpdate'] as object | undefined) };
}

export function defaultReplicaSet(replicaSet: MutableJson): void {
  defaultPodTemplate(replicaSet);
}

export function defaultSecret(secret: MutableJson): void {
  const texts = objectAt(secret, 'stringData');
  if (!texts) return;
  // `stringData` is write-only: it is how text gets into `data`.
  const encoded = Object.entries(texts).map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')]);
  secret['data'] = { ...(secret['data'] as object | undefined), ...Object.fromEntries(encoded) };
  delete secret['stringData'];
}

export function defaultNamespace(namespace: MutableJson): void {
  const metadata = namespace['metadata'] as MutableJson;
  metadata['labels'] = { ...(metadata['labels'] as object | undefined), 'kubernetes.io/metadata.name': metadata['name'] };
  namespace['spec'] ??= { finalizers: ['kubernetes'] };
  namespace['status'] ??= { phase: 'Active' };
}

/** Per cent of the CPU request that Kubernetes scales on when no metric is given. */
const DEFAULT_CPU_SHARE = 80;

export function defaultHorizontalPodAutoscaler(hpa: MutableJson): void {
  const spec = objectAt(hpa, 'spec') as MutableJson | undefined;
  if (!spec) return;
  if (arrayAt(spec, 'metrics').length === 0) {
    spec['metrics'] = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: DEFAULT_CPU_SHARE } } }];
  }
}

export function defaultHorizontalPodAutoscalerV1(hpa: MutableJson): void {
  const spec = objectAt(hpa, 'spec') as MutableJson | undefined;
  if (spec && arrayAt(toAutoscalingV2(hpa as unknown as KubeObject), 'spec', 'metrics').length === 0) spec['targetCPUUtilizationPercentage'] = DEFAULT_CPU_SHARE;
}

export function defaultPersistentVolumeClaim(claim: MutableJson): void {
  claim['status'] ??= { phase: 'Pending' };
}

function qosClassOf(pod: JsonObject): string {
  const containers = [...arrayAt(pod, 'spec', 'containers'), ...arrayAt(pod, 'spec', 'initContainers')];
  const amounts = (container: unknown, list: string): JsonObject => {
    const all = objectAt(container, 'resources', list) ?? {};
    return Object.fromEntries(['cpu', 'memory'].filter((name) => all[name] !== undefined).map((name) => [name, all[name]]));
  };
  const sized = containers.map((container) => ({ limits: amounts(container, 'limits'), requests: amounts(container, 'requests') }));
  if (sized.every(({ limits, requests }) => Object.keys(limits).length + Object.keys(requests).length === 0)) return 'BestEffort';
  const guaranteed = sized.every(({ limits, requests }) => Object.keys(limits).length === 2 && Object.entries(limits).every(([name, value]) => String(requests[name]) === String(value)));
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
