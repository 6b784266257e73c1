import { LABEL, type KubeObject } from '../../api';
import type { World } from '../types';

/** Why a raw resource gets no route; undefined when it gets one. Both visibility labels count, whatever the mode. */
export function unpublished(resource: KubeObject, world: World): string | undefined {
  const labels = resource.metadata.labels ?? {};
  const label = [LABEL.rawVisibility, LABEL.knativeVisibility].find((l) => labels[l] === 'cluster-local');
  if (label) return `label ${label} is cluster-local`;
  if (world.config.ingress.disableIngressCreation) return 'the platform has disableIngressCreation';
  if (world.config.ingress.ingressDomain === 'svc.cluster.local') return 'the platform domain is svc.cluster.local';
  return undefined;
}
