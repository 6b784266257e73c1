import { ANNOTATION, CONTAINER, MODEL_DIR, commonFolder, type Container, type EnvVar, type PodSpec, type StorageUri, type Volume } from '../../api';
import { addCaBundle } from './ca-bundle';
import { accountCredentials } from './credentials/account';
import type { Credentials } from './credentials/credentials';
import { isReadOnly, mountInReaders, withInitContainer, withVolumes } from './model-mount';
import type { StorageContext, StorageRequest, StoredPod } from './request';
import { assertFetchable, schemeOf } from './scheme';
import { chooseStorageContainer, overlayStorageContainer } from './storage-container';
import { renderVerification, type RenderedVerification } from './verification';

const MODEL_VOLUME = 'kserve-provision-location';
/** What makes the Hugging Face client of KServe's own fetcher fast; harmless to ours. */
const HUGGING_FACE_ENV: readonly EnvVar[] = [
  { name: 'HF_HUB_ENABLE_HF_TRANSFER', value: '1' },
  { name: 'HF_XET_HIGH_PERFORMANCE', value: '1' },
  { name: 'HF_XET_NUM_CONCURRENT_RANGE_GETS', value: '8' },
];

export type Source = StorageUri & { readonly mountPath: string };

/**
 * Copies one or more sources into a volume before the server starts, with one init container.
 *
 * @param given variables that already say how to reach the storage; without them the service account's secrets do.
 */
export function fetchSources(pod: PodSpec, request: StorageRequest, sources: readonly Source[], context: StorageContext, given?: Credentials): StoredPod {
  const first = sources[0]?.uri ?? '';
  const chosen = chooseStorageContainer(first, request.containerName, sources.length > 1, request.path, context.world);
  if (!chosen) for (const { uri } of sources) assertFetchable(uri, `${request.path}.${sources.length > 1 ? 'storageUris' : 'storageUri'}`);
  const found = given ?? accountCredentials(pod.serviceAccountName ?? 'default', { ...context, path: request.path });
  const folder = sources.length > 1 ? commonFolder(sources.map((s) => s.mountPath)) : (sources[0]?.mountPath ?? MODEL_DIR);
  const verification = renderVerification(context.annotations, sources.length);
  const fetcher = addCaBundle(overlayStorageContainer(fetcherOf(request, sources, folder, found, verification, context), chosen?.container), context.world.config);
  const mounted = mountInReaders(pod, { name: MODEL_VOLUME, mountPath: folder, readOnly: isReadOnly(context.annotations) });
  const volumes: readonly Volume[] = [{ name: MODEL_VOLUME, emptyDir: {} }, ...found.volumes, ...verification.volumes, ...fetcher.volumes];
  return {
    pod: withVolumes(withInitContainer(mounted, fetcher.container), volumes),
    decisions: [
      ...(chosen ? [chosen.decision] : []),
      {
        topic: 'storage',
        choice: `fetch with ${fetcher.container.image}`,
        because: `${sources.map((s) => s.uri).join(', ')} ${sources.length > 1 ? 'are' : 'is'} copied to ${folder} before the server starts`,
      },
      ...found.decisions,
      ...verification.decisions,
      ...fetcher.decisions,
    ],
  };
}

function fetcherOf(request: StorageRequest, sources: readonly Source[], folder: string, credentials: Credentials, verification: RenderedVerification, context: StorageContext): Container {
  const { image, cpuRequest, cpuLimit, memoryRequest, memoryLimit } = context.world.config.storageInitializer;
  const { confidential } = request;
  const env: readonly EnvVar[] = [
    ...credentials.env,
    ...(sources.some((s) => schemeOf(s.uri) === 'hf') ? HUGGING_FACE_ENV : []),
    ...(confidential?.enabled ? [{ name: 'CONFIDENTIAL_ENABLED', value: 'true' }] : []),
    ...(confidential?.enabled && confidential.resourceId ? [{ name: 'CONFIDENTIAL_RESOURCE_ID', value: confidential.resourceId }] : []),
  ];
  const uid = Number(context.annotations[ANNOTATION.storageInitializerUid] ?? NaN);
  return {
    name: CONTAINER.storageInitializer,
    image,
    imagePullPolicy: 'IfNotPresent',
    // The image takes its command from the first argument: an option there would start the server.
    args: [...sources.flatMap((s) => [s.uri, s.mountPath]), ...verification.args],
    ...(env.length > 0 ? { env } : {}),
    resources: { limits: { cpu: cpuLimit, memory: memoryLimit }, requests: { cpu: cpuRequest, memory: memoryRequest } },
    ...(Number.isInteger(uid) ? { securityContext: { runAsUser: uid } } : {}),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ name: MODEL_VOLUME, mountPath: folder }, ...credentials.mounts, ...verification.mounts],
  };
}
