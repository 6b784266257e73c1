import type { StringMap } from 'cdk8s-kserve/api';
import type { Deployment, ReplicaSet } from './types';

export const REVISION = 'deployment.kubernetes.io/revision';
/** Annotations of a Deployment that are about itself, and not about the version that it has now. */
const OWN = [REVISION, 'kubectl.kubernetes.io/last-applied-configuration'];

export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

/**
 * What the ReplicaSet of a Deployment's template is annotated with, for `kubectl rollout history` and `undo`: a number above all
 * others, also when the template is one of earlier, and the Deployment's own annotations, the change cause among them.
 */
export function currentAnnotations(deployment: Deployment, old: readonly ReplicaSet[], current?: ReplicaSet): StringMap {
  const inherited = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !OWN.includes(name));
  const latest = Math.max(0, ...old.map(revisionOf));
  const now = current ? revisionOf(current) : 0;
  return { ...Object.fromEntries(inherited), [REVISION]: String(now > latest ? now : latest + 1) };
}

/** What has to change in annotations; undefined when they are as wanted. What somebody else added stays. */
export function missingAnnotations(live: StringMap | undefined, wanted: StringMap): StringMap | undefined {
  const missing = Object.entries(wanted).filter(([name, value]) => live?.[name] !== value);
  return missing.length > 0 ? Object.fromEntries(missing) : undefined;
}
