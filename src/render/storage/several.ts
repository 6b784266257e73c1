import { MODEL_DIR, type PodSpec, type StorageUri } from '../../api';
import type { Decision } from '../types';
import { mountClaim } from './claim';
import { fetchSources } from './fetch';
import { addModelImage } from './oci';
import type { StorageContext, StorageRequest, StoredPod } from './request';
import { schemeOf } from './scheme';
import { sourceOfSpec } from './storage-spec';

/**
 * Several sources, each in its own folder: claims and images are mounted one by one, the rest is fetched together.
 *
 * KServe differs: the folder inside a claim (`pvc://claim/folder`) counts; upstream ignores it and mounts the whole.
 */
export function addSeveral(pod: PodSpec, request: StorageRequest, sources: readonly StorageUri[], context: StorageContext): StoredPod {
  const decisions: Decision[] = [];
  let current = pod;
  const take = (stored: StoredPod): void => {
    current = stored.pod;
    decisions.push(...stored.decisions);
  };
  const placed = sources.map((s) => ({ uri: s.uri, mountPath: s.mountPath ?? MODEL_DIR }));
  placed.forEach((source, index) => {
    const scheme = schemeOf(source.uri);
    if (scheme === 'pvc') take(mountClaim(current, source.uri, `${request.path}.storageUris[${index}]`, context.annotations, source.mountPath, `kserve-pvc-source-${index}`));
    if (scheme === 'oci' || scheme?.startsWith('oci+')) take(addModelImage(current, request, source, context, index));
  });
  const fetched = placed.filter(({ uri }) => !/^(pvc|oci(\+[a-z]+)?):\/\//.test(uri));
  if (fetched.length > 0) {
    const credentials = request.spec?.key ? sourceOfSpec({ ...request, uri: fetched[0]?.uri }, request.spec, context).env : undefined;
    take(fetchSources(current, request, fetched, context, credentials));
  }
  return { pod: current, decisions };
}
