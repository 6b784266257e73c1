import type { Container, PodSpec, PlatformConfig } from '../../api';

/** What every pod of a service has, whatever its component. */
export function withPodDefaults(pod: PodSpec, config: PlatformConfig): PodSpec {
  return {
    // Hundreds of services in a namespace would put thousands of variables into every model server.
    enableServiceLinks: false,
    ...(config.security.autoMountServiceAccountToken ? {} : { automountServiceAccountToken: false }),
    ...pod,
  };
}

/** Tells a container which service it belongs to. */
export function withServiceName(container: Container, name: string): Container {
  const env = (container.env ?? []).filter((e) => e.name !== 'INFERENCE_SERVICE_NAME');
  return { ...container, env: [...env, { name: 'INFERENCE_SERVICE_NAME', value: name }] };
}
