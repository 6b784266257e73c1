import { COMPONENT_ROLES, problemLine, rolloutOf, type CanaryStatus, type InferenceService, type KubeObject } from '../api';
import { componentName, type RenderResult } from '../render';
import { canaryWorkloads } from './component-findings';
import { finding, type Finding } from './conditions';
import { deploymentFinding } from './raw-findings';
import { mirrorBackends, routeBackends } from './route-backends';

type Live = (wanted: KubeObject) => KubeObject | undefined;

/** Informs only: a canary that does not answer gets no traffic, so the service is as good as before. */
export function canaryFindings(rendered: RenderResult, live: Live): readonly Finding[] {
  const canaries = rendered.mode === 'Standard' ? canaryWorkloads(rendered) : [];
  if (canaries.length === 0) return [];
  const waiting = canaries.filter((c) => !answers(live(c))).map((c) => c.metadata.name);
  const type = 'CanaryPredictorReady';
  return [waiting.length === 0 ? finding(type, 'True', 'AllCanariesReady') : finding(type, 'False', 'CanariesNotReady', `not available, so without traffic: ${waiting.join(', ')}`)];
}

/** There only while a shadow gets nothing because the gateway cannot mirror, or nobody can tell. */
export function mirrorFindings({ problems, mirrorDoubt }: RenderResult): readonly Finding[] {
  if (mirrorDoubt) return [finding('CanaryMirrored', 'Unknown', 'FeaturesNotNamed', mirrorDoubt)];
  const problem = problems.find((p) => p.code === 'ISVC_RENDER_MIRROR');
  return problem ? [finding('CanaryMirrored', 'False', 'MirrorUnsupported', problemLine(problem))] : [];
}

/**
 * Every version beside the stable one, in the order of the spec; a version is ready when all its components answer.
 *
 * KServe differs: a version to which no route leads has no share, whatever the spec says: one that does not answer yet, a shadow behind
 * a gateway that cannot mirror, any of a service without routes.
 */
export function canaryStatuses(service: InferenceService, rendered: RenderResult, live: Live): readonly CanaryStatus[] {
  const rollout = rolloutOf(service);
  if (rendered.mode !== 'Standard' || rollout.kind !== 'variants') return [];
  const workloads = canaryWorkloads(rendered);
  const routed = new Set(rendered.children.flatMap((child) => [...routeBackends(child), ...mirrorBackends(child)]));
  return rollout.variants.map(({ name, trafficPercent }) => {
    const names = COMPONENT_ROLES.map((role) => componentName(service.metadata.name, role, name));
    const own = workloads.filter((w) => names.includes(w.metadata.name));
    return { name, ready: own.length > 0 && own.every((w) => answers(live(w))), trafficPercent: names.some((n) => routed.has(n)) ? trafficPercent : 0 };
  });
}

function answers(deployment: KubeObject | undefined): boolean {
  return deploymentFinding('', deployment).status === 'True';
}
