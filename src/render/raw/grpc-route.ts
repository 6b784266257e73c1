import { GATEWAY_API, type InferenceService, type KubeObject, type PlatformConfig } from '../../api';
import type { Component } from '../component';
import { unlessEmpty, type ComponentMetadata } from '../metadata';
import { backendRef, gatewayParent, mirrorFilter, serviceHeaders, type RouteRequest } from './http-route';
import { servicePorts } from './service';

/**
 * Whether a component speaks gRPC and nothing else, by the name of its only port, and the platform's gateway has routes
 * for it. An `h2c` port may be plain HTTP/2, so it stays with HTTPRoute.
 */
export function speaksGrpcOnly(component: Component, config: PlatformConfig): boolean {
  const ports = servicePorts(component);
  return config.ingress.enableGrpcRoutes && ports.length > 0 && ports.every((p) => p.name?.includes('grpc'));
}

/** The same route for gRPC: its gateway knows methods, statuses and trailers. It has no timeouts; deadlines are gRPC's own. */
export function renderGrpcRoute(request: RouteRequest, service: InferenceService, metadata: ComponentMetadata, config: PlatformConfig): KubeObject {
  const { name, namespace = 'default' } = service.metadata;
  return {
    apiVersion: GATEWAY_API,
    kind: 'GRPCRoute',
    metadata: { name: request.name, namespace, ...unlessEmpty('labels', metadata.labels), ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      hostnames: request.hosts,
      parentRefs: [gatewayParent(config)],
      rules: request.rules.map(({ backends, mirrors = [] }) => ({
        filters: [serviceHeaders(name, namespace), ...mirrors.map((m) => mirrorFilter(m, namespace))],
        backendRefs: backends.map((b) => backendRef(b, namespace)),
      })),
    },
  };
}
