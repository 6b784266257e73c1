import { entryPath } from '../archive/entry-path';
import type { FetchSession } from '../session';
import type { Source, SourceFile } from '../source';
import type { StoreAccess } from '../transport/ask';
import { asText, fieldOf } from '../transport/json';
import { openBody } from '../transport/open-body';
import { storeError, type StoreWords } from '../transport/store-error';
import { registryLogin } from './docker-config';
import { type Layer, readLayers } from './manifest';
import { type ImageReference, parseOciUri } from './reference';
import { registryAccess } from './registry-access';
import { LAYERS, unpackLayers } from './unpack-layers';

/** `oci://registry/repository:tag`: a model image (what it has in `/models`), or an artifact whose layers are files. */
export const ociSource: Source = {
  schemes: ['oci', 'oci+fetch'],
  async list(uri, session) {
    const image = parseOciUri(uri);
    const base = baseOf(image.registry, session);
    const manifestUrl = (reference: string): URL => new URL(`/v2/${image.repository}/manifests/${reference}`, base);
    const login = await registryLogin(image.registry, session.env);
    let words = wordsOf(uri, image, login ? `user ${login.user}` : 'anonymous');
    try {
      const access = await registryAccess(manifestUrl(image.reference), image.repository, login, session);
      words = wordsOf(uri, image, access.authorizer.identity);
      const layers = await readLayers(image.reference, manifestUrl, access, session);
      return { files: layers.map((layer, index) => layerFile(layer, index, new URL(`/v2/${image.repository}/blobs/${layer.digest}`, base), access, words)), finish: unpackLayers, identity: words.identity };
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, words);
    }
  },
};

function layerFile(layer: Layer, index: number, url: URL, access: StoreAccess, words: StoreWords): SourceFile {
  return {
    path: pathOf(layer, index),
    size: layer.size,
    version: layer.digest,
    // A registry may lack ranges: then it answers with the whole blob, and that is taken.
    ranged: layer.size > 0,
    checksum: layer.digest.startsWith('sha256:') ? { algorithm: 'sha256', digest: layer.digest.slice('sha256:'.length) } : undefined,
    open: (range, signal) => openBody({ url }, range, access, words, signal),
  };
}

function pathOf({ title, mediaType }: Layer, index: number): string {
  const isTar = /tar/.test(mediaType) || mediaType === '';
  if (title && !isTar) return entryPath(title);
  const ending = /zstd$/.test(mediaType) ? '.tar.zst' : /gzip$/.test(mediaType) ? '.tar.gz' : '.tar';
  return `${LAYERS}/${String(index).padStart(4, '0')}${ending}`;
}

function baseOf(registry: string, { env }: FetchSession): string {
  const insecure = ['1', 'true', 'yes'].includes(asText(env['KSERVE_OCI_INSECURE_REGISTRY']).toLowerCase());
  return `${insecure ? 'http' : 'https'}://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`;
}

function wordsOf(uri: string, { registry, repository, reference }: ImageReference, identity: string): StoreWords {
  return {
    store: 'oci',
    subject: `image ${repository} at ${reference}`,
    uri,
    identity,
    deniedHint: identity === 'anonymous' ? `add a pull secret for ${registry} to imagePullSecrets` : `give ${identity} the right to pull`,
    notFoundHint: 'check repository and tag; some registries answer so where a login is missing',
    detail: ({ body }) => fieldOf(body, 'message'),
  };
}
