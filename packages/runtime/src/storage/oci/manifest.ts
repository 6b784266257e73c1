import { createHash } from 'node:crypto';
import { IsvcError } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { askText, type StoreAccess } from '../transport/ask';
import { asArray, asObject, asText, type JsonObject, parseJson } from '../transport/json';

const ACCEPT = [
  'application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json', 'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', ppc64: 'ppc64le', s390x: 's390x' };

export interface Layer {
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  /** The file that the layer is, in artifacts that are no images. */
  readonly title: string;
}

/**
 * The layers of an image or artifact; of an index, those for this machine.
 *
 * @param urlOf where the manifest of a tag or digest is.
 * @throws IsvcError ISVC_FETCH_CORRUPT for a manifest that is not what its digest says.
 */
export async function readLayers(reference: string, urlOf: (reference: string) => URL, access: StoreAccess, session: FetchSession): Promise<readonly Layer[]> {
  const { text } = await askText({ url: urlOf(reference), headers: { accept: ACCEPT } }, access, session);
  if (reference.startsWith('sha256:') && `sha256:${createHash('sha256').update(text).digest('hex')}` !== reference) {
    throw new IsvcError('ISVC_FETCH_CORRUPT', `the manifest is not ${reference}`, { hint: 'fetch again; if it stays so, the registry is damaged' });
  }
  const manifest = asObject(parseJson(text, 'oci'));
  if (Array.isArray(manifest['manifests'])) return readLayers(digestForThisMachine(manifest['manifests'].map(asObject)), urlOf, access, session);
  return asArray(manifest['layers']).map(asObject).map((layer) => ({
    digest: asText(layer['digest']),
    size: Number(layer['size'] ?? 0),
    mediaType: asText(layer['mediaType']),
    title: asText(asObject(layer['annotations'])['org.opencontainers.image.title']),
  }));
}

function digestForThisMachine(manifests: readonly JsonObject[]): string {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const fits = manifests.find((m) => asText(asObject(m['platform'])['os']) === 'linux' && asText(asObject(m['platform'])['architecture']) === architecture);
  // Model artifacts often name no platform: data runs anywhere.
  const chosen = fits ?? manifests.find((m) => m['platform'] === undefined);
  const digest = asText(chosen?.['digest']);
  if (digest.startsWith('sha256:')) return digest;
  const has = manifests.map((m) => asObject(m['platform'])).map((p) => `${asText(p['os'])}/${asText(p['architecture'])}`).join(', ');
  throw new IsvcError('ISVC_FETCH_NOT_FOUND', `oci: the image is not there for linux/${architecture}, only for ${has || 'nothing'}`, { hint: 'push it for that platform too' });
}
