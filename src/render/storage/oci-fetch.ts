import type { PodSpec } from '../../api';
import type { Credentials } from './credentials/credentials';
import { fetchSources, type Source } from './fetch';
import type { StorageContext, StorageRequest, StoredPod } from './request';

const DOCKER_CONFIG_VOLUME = 'kserve-oci-fetch-docker-config';
const DOCKER_CONFIG_DIR = '/mnt/oci-fetch-auth';

/** Downloads a model image with the fetcher, logged in as the pod's first pull secret says. */
export function fetchImage(pod: PodSpec, request: StorageRequest, source: Source, context: StorageContext): StoredPod {
  const uri = source.uri.replace(/^oci\+fetch:/, 'oci:');
  const pullSecret = pod.imagePullSecrets?.find((s) => s.name)?.name;
  const credentials: Credentials = {
    env: [
      ...(pullSecret ? [{ name: 'KSERVE_OCI_DOCKER_CONFIG', value: DOCKER_CONFIG_DIR }] : []),
      ...(context.world.config.storageInitializer.ociInsecureRegistry ? [{ name: 'KSERVE_OCI_INSECURE_REGISTRY', value: 'true' }] : []),
    ],
    mounts: pullSecret ? [{ name: DOCKER_CONFIG_VOLUME, mountPath: DOCKER_CONFIG_DIR, readOnly: true }] : [],
    volumes: pullSecret ? [{ name: DOCKER_CONFIG_VOLUME, secret: { secretName: pullSecret, defaultMode: 0o400, items: [{ key: '.dockerconfigjson', path: 'config.json' }] } }] : [],
    decisions: pullSecret ? [{ topic: 'credentials', choice: `pull secret ${pullSecret}`, because: 'the first of the pod logs the fetcher in' }] : [],
  };
  return fetchSources(pod, request, [{ ...source, uri }], context, credentials);
}
