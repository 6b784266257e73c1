import type { KubeObject } from '../api';
import type { FieldChange, Restart } from './types';

/** What changed fields do to the pods of a workload; undefined when its pods go on as they are. */
export function restartOf(before: KubeObject, after: KubeObject, fields: readonly FieldChange[], siblings: readonly KubeObject[]): Restart | undefined {
  const template = fields.filter((f) => f.path === 'spec.template' || f.path.startsWith('spec.template.'));
  const [first] = template;
  if (!first) return undefined;
  const more = template.length === 1 ? '' : ` and ${template.length - 1} more`;
  if (after.kind === 'Deployment') {
    return { pods: replicasOf(before, siblings), because: `the pod template changes: ${first.path}${more}` };
  }
  if (after.apiVersion.startsWith('serving.knative.dev/')) {
    return { pods: knativeReplicas(after), because: `a new revision is made: ${first.path}${more}` };
  }
  return undefined;
}

/** Pods that run at least: the fixed number, or the autoscaler's lower bound. */
function replicasOf(deployment: KubeObject, siblings: readonly KubeObject[]): number {
  const { replicas } = (deployment['spec'] ?? {}) as { readonly replicas?: number };
  if (replicas !== undefined) return replicas;
  const scaler = siblings.find((s) => s.kind === 'HorizontalPodAutoscaler' && s.metadata.name === deployment.metadata.name);
  return (scaler?.['spec'] as { readonly minReplicas?: number } | undefined)?.minReplicas ?? 1;
}

function knativeReplicas(service: KubeObject): number {
  const spec = service['spec'] as { readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } } } | undefined;
  return Number(spec?.template?.metadata?.annotations?.['autoscaling.knative.dev/min-scale'] ?? 1);
}
