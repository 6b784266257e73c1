import { RUNTIME_IMAGE } from '../serving-runtime/built-in';
import type { PlatformConfig, PlatformConfigInput } from './types';

/**
 * The platform that is assumed when nothing else is said.
 *
 * KServe differs: raw services get Gateway API routes rather than an Ingress, and models are fetched by this project's
 * own image. The rest is what KServe ships.
 */
export const DEFAULT_PLATFORM_CONFIG: PlatformConfig = {
  deploy: { defaultDeploymentMode: 'Serverless' },
  ingress: {
    enableGatewayApi: true,
    kserveIngressGateway: 'kserve/kserve-ingress-gateway',
    ingressDomain: 'example.com',
    domainTemplate: '{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}',
    urlScheme: 'http',
    disableIngressCreation: false,
    disableIstioVirtualHost: true,
    disableHTTPRouteTimeout: false,
  },
  storageInitializer: { image: RUNTIME_IMAGE, cpuRequest: '100m', cpuLimit: '1', memoryRequest: '100Mi', memoryLimit: '1Gi' },
  inferenceService: {
    resource: { cpuLimit: '1', memoryLimit: '2Gi', cpuRequest: '1', memoryRequest: '2Gi' },
    serviceAnnotationDisallowedList: [],
    serviceLabelDisallowedList: [],
  },
  security: { autoMountServiceAccountToken: true },
  service: { serviceClusterIPNone: false },
};

/** Fills in what the input leaves out, section by section. */
export function platformConfig(input: PlatformConfigInput = {}): PlatformConfig {
  const base = DEFAULT_PLATFORM_CONFIG;
  return {
    deploy: { ...base.deploy, ...input.deploy },
    ingress: { ...base.ingress, ...input.ingress },
    storageInitializer: { ...base.storageInitializer, ...input.storageInitializer },
    inferenceService: { ...base.inferenceService, ...input.inferenceService },
    security: { ...base.security, ...input.security },
    service: { ...base.service, ...input.service },
  };
}
