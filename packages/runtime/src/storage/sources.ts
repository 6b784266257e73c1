import { IsvcError } from 'cdk8s-kserve/api';
import { azureBlobSource } from './azure/blob-source';
import { azureFileSource } from './azure/file-share-source';
import { fileSource } from './file-source';
import { gcsSource } from './gcs/gcs-source';
import { gitSource } from './git/git-source';
import { hfSource } from './hf/hf-source';
import { httpSource } from './http/http-source';
import { localListing } from './local-listing';
import { modelscopeSource } from './modelscope/modelscope-source';
import { ociSource } from './oci/oci-source';
import { pvcSource } from './pvc-source';
import { s3Source } from './s3/s3-source';
import { webhdfsSource } from './webhdfs/webhdfs-source';
import type { FetchSession } from './session';
import type { Listing, Source } from './source';
import { mappedFolder, parseSourceMap } from './source-map';

const SOURCES: readonly Source[] = [fileSource, pvcSource, s3Source, gcsSource, hfSource, modelscopeSource, ociSource, webhdfsSource, azureBlobSource, azureFileSource, gitSource, httpSource];

/**
 * The files behind a source address: a mapped prefix first, then by scheme; without a scheme it is a local path.
 *
 * @throws IsvcError ISVC_FETCH_SCHEME for a scheme that nothing here fetches, else what the source throws.
 */
export async function listSource(uri: string, session: FetchSession): Promise<Listing> {
  const mapped = mappedFolder(uri, parseSourceMap(session.env['ISVC_SOURCE_MAP']));
  if (mapped !== undefined) return localListing(mapped, uri, session);
  const end = uri.indexOf('://');
  if (end < 0) return localListing(uri, uri, session);
  const scheme = uri.slice(0, end).toLowerCase();
  const source = SOURCES.find((candidate) => (candidate.matches ? candidate.matches(uri) : candidate.schemes.includes(scheme)));
  if (source) return source.list(uri, session);
  throw new IsvcError('ISVC_FETCH_SCHEME', `nothing here fetches ${scheme}://; this version fetches ${supportedSchemes()} and local paths`, {
    path: uri,
    hint: 'copy the model to one of these, or map the address to a local folder with ISVC_SOURCE_MAP',
  });
}

/** For help texts and messages, e.g. `file://, pvc://`. */
export function supportedSchemes(): string {
  return SOURCES.flatMap(({ schemes }) => schemes.map((scheme) => `${scheme}://`)).join(', ');
}
