import { ANNOTATION, MODE_ALIASES, parseMode, type DeploymentMode, type KubeObject } from '../api';
import type { Decision, World } from './types';

/** The mode of a resource: its annotation's, or the platform's. */
export function resolveMode(resource: KubeObject, world: World): { readonly mode: DeploymentMode; readonly decision: Decision } {
  const annotated = resource.metadata.annotations?.[ANNOTATION.deploymentMode];
  const mode = annotated === undefined ? undefined : parseMode(annotated);
  if (mode) return { mode, decision: { topic: 'mode', choice: mode, because: `annotation ${ANNOTATION.deploymentMode} is ${annotated}` } };
  const fallback = world.config.deploy.defaultDeploymentMode;
  return { mode: MODE_ALIASES[fallback], decision: { topic: 'mode', choice: MODE_ALIASES[fallback], because: `the platform's default is ${fallback}` } };
}

/** Whether a resource is switched off: it stays, its children go. */
export function isStopped(resource: KubeObject): boolean {
  return resource.metadata.annotations?.[ANNOTATION.stop]?.toLowerCase() === 'true';
}
