import type { Problem } from '../../api';
import type { World } from '../types';

/**
 * Why the platform's gateway would not mirror requests to these versions. A route with a filter that its gateway does
 * not know is answered with an error, as the Gateway API asks for, by the version that serves too. Undefined where
 * nothing speaks against it.
 *
 * @param percents share of the requests that each version is to get a copy of.
 */
export function mirrorProblem(percents: readonly number[], { gateway }: World): Problem | undefined {
  if (!gateway || percents.length === 0) return undefined;
  const needed = [
    'HTTPRouteRequestMirror',
    ...(percents.some((percent) => percent < 100) ? ['HTTPRouteRequestPercentageMirror'] : []),
    ...(percents.length > 1 ? ['HTTPRouteRequestMultipleMirrors'] : []),
  ];
  const missing = needed.filter((feature) => !gateway.features.has(feature));
  if (missing.length === 0) return undefined;
  const first = missing[0] === 'HTTPRouteRequestMirror';
  return {
    code: 'ISVC_RENDER_MIRROR', severity: 'warning', path: 'spec.shadow',
    message: `the shadow gets no requests: GatewayClass ${gateway.className} does not support ${missing.join(' and ')}`,
    hint: first ? 'use a gateway that mirrors, or a canary with a share of the requests' : 'mirror every request to one version, or use a gateway that can do more',
  };
}
