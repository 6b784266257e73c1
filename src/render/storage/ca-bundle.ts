import type { Container, PlatformConfig, Volume } from '../../api';
import { dirname } from './posix-path';
import type { Decision } from '../types';

const CA_VOLUME = 'cabundle-cert';

export interface CaBundled {
  readonly container: Container;
  readonly volumes: readonly Volume[];
  readonly decisions: readonly Decision[];
}

/**
 * Gives a fetcher the certificates of the platform's storage servers.
 *
 * KServe differs: the ConfigMap is expected in the service's own namespace; upstream copies it there and never takes it
 * away again.
 */
export function addCaBundle(container: Container, config: PlatformConfig): CaBundled {
  const { caBundleConfigMapName, caBundleVolumeMountPath } = config.storageInitializer;
  const valueOf = (name: string): string | undefined => container.env?.find((e) => e.name === name)?.value;
  // Credentials may name a bundle of their own, which then counts.
  const configMap = valueOf('AWS_CA_BUNDLE_CONFIGMAP') ?? caBundleConfigMapName;
  if (configMap === '') return { container, volumes: [], decisions: [] };
  const file = valueOf('AWS_CA_BUNDLE');
  const mountPath = file ? dirname(file) : caBundleVolumeMountPath;
  const own = new Set((container.env ?? []).map((e) => e.name));
  const env = [{ name: 'CA_BUNDLE_CONFIGMAP_NAME', value: configMap }, { name: 'CA_BUNDLE_VOLUME_MOUNT_POINT', value: mountPath }].filter((e) => !own.has(e.name));
  return {
    container: {
      ...container,
      env: [...(container.env ?? []), ...env],
      volumeMounts: [...(container.volumeMounts ?? []), { name: CA_VOLUME, mountPath, readOnly: true }],
    },
    volumes: [{ name: CA_VOLUME, configMap: { name: configMap } }],
    decisions: [{ topic: 'storage', choice: `trust ConfigMap ${configMap}`, because: 'the platform or the credentials name it; it must exist in the service\'s namespace' }],
  };
}
