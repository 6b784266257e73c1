import { CONTAINER, MODEL_DIR, TerminalError, type PodSpec } from '../../api';
import { mountClaim } from './claim';
import { fetchSources } from './fetch';
import { addModelImage } from './oci';
import type { StorageContext, StorageRequest, StoredPod } from './request';
import { schemeOf } from './scheme';
import { addSeveral } from './several';
import { sourceOfSpec } from './storage-spec';

/**
 * Makes a component's model appear under /mnt/models in its serving containers: a claim or an image is mounted,
 * anything else is fetched by an init container.
 *
 * KServe differs: the init container stands in the rendered template instead of being injected by a webhook when the
 * pod is created, so that what is reviewed is what runs and no webhook is in a pod's way.
 *
 * @throws TerminalError ISVC_RENDER_STORAGE_URI when nothing can fetch the scheme, ISVC_RENDER_STORAGE when what the storage needs is not there.
 */
export function addStorage(pod: PodSpec, request: StorageRequest, context: StorageContext): StoredPod {
  const { uri, uris, spec, path } = request;
  if (uris) return addSeveral(pod, request, uris, context);
  if (spec) {
    const source = sourceOfSpec(request, spec, context);
    if (schemeOf(source.uri) === 'pvc') return mountClaim(pod, source.uri, `${path}.storage`, context.annotations);
    const fetched = fetchSources(pod, request, [{ uri: source.uri, mountPath: MODEL_DIR }], context, source.env);
    return { pod: fetched.pod, decisions: [source.decision, ...fetched.decisions] };
  }
  if (uri === undefined) return { pod, decisions: [] };
  const scheme = schemeOf(uri);
  if (scheme === 'pvc') return mountClaim(pod, uri, `${path}.storageUri`, context.annotations);
  if (scheme === 'oci' || scheme?.startsWith('oci+')) return addModelImage(pod, request, { uri, mountPath: MODEL_DIR }, context);
  return fetchSources(pod, request, [{ uri, mountPath: MODEL_DIR }], context);
}

/**
 * Reads `STORAGE_URI` of a component's server: a custom container's way to say where its model lies. The container
 * itself is told where it will find the model.
 */
export function takeStorageEnv(pod: PodSpec): { readonly pod: PodSpec; readonly uri: string | undefined } {
  const server = pod.containers.find((c) => c.name === CONTAINER.server);
  const uri = server?.env?.find((e) => e.name === 'STORAGE_URI')?.value;
  if (!server || uri === undefined || uri === '' || uri === MODEL_DIR) return { pod, uri: undefined };
  if (/\s/.test(uri)) throw new TerminalError('ISVC_RENDER_STORAGE_URI', `env STORAGE_URI "${uri}" holds white space`, { path: 'STORAGE_URI' });
  const env = server.env?.map((e) => (e.name === 'STORAGE_URI' ? { name: e.name, value: MODEL_DIR } : e)) ?? [];
  return { pod: { ...pod, containers: pod.containers.map((c) => (c === server ? { ...c, env } : c)) }, uri };
}
