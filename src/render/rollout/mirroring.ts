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
  const { className, features } = gateway ?? {};
  const missing = featuresFor(percents).filter((feature) => features?.has(feature) === false);
  if (missing.length === 0) return undefined;
  const first = missing[0] === 'HTTPRouteRequestMirror';
  return {
    code: 'ISVC_RENDER_MIRROR', severity: 'warning', path: 'spec.shadow',
    message: `the shadow gets no requests: GatewayClass ${className} does not support ${missing.join(' and ')}`,
    hint: first ? 'use a gateway that mirrors, or a canary with a share of the requests' : 'mirror every request to one version, or use a gateway that can do more',
  };
}

/** Why nobody can tell whether the gateway mirrors to these versions, and what to do; undefined where its class names its features. */
export function mirrorDoubt(percents: readonly number[], { gateway, config }: World): string | undefined {
  if (gateway?.features || percents.length === 0) return undefined;
  const silent = gateway
    ? `GatewayClass ${gateway.className} does not name its features (status.supportedFeatures)`
    : `gateway ${config.ingress.kserveIngressGateway} or its GatewayClass is not there, or may not be read`;
  return `${silent}, so it is not known whether the shadow gets requests; look for ${featuresFor(percents).join(' and ')} in the documentation of the gateway, and take out spec.shadow where it lacks that`;
}

function featuresFor(percents: readonly number[]): readonly string[] {
  return [
    ...(percents.length > 0 ? ['HTTPRouteRequestMirror'] : []),
    ...(percents.some((percent) => percent < 100) ? ['HTTPRouteRequestPercentageMirror'] : []),
    ...(percents.length > 1 ? ['HTTPRouteRequestMultipleMirrors'] : []),
  ];
}
