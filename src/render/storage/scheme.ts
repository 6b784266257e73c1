import { TerminalError } from '../../api';

/** Schemes that a storage fetcher understands; whether a given version can fetch one is the fetcher's to say. */
export const FETCHED_SCHEMES: readonly string[] = ['gs', 's3', 'file', 'https', 'http', 'hdfs', 'webhdfs', 'hf', 'modelscope', 'azure'];
/** Forms whose scheme is settled elsewhere: by the storage secret, or by the mode of model images. */
const SETTLED = /^(<scheme-placeholder>|oci):\/\//;
const AZURE_BLOB = /^(https|azure):\/\/[^/]+\.blob\.core\.windows\.net\/.+/;

/** Scheme of an address in lower case; undefined for a path. */
export function schemeOf(uri: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1]?.toLowerCase();
}

/** @throws TerminalError ISVC_RENDER_STORAGE_URI when no fetcher of the platform's own knows the scheme. */
export function assertFetchable(uri: string, path: string): void {
  if (SETTLED.test(uri)) return;
  const scheme = schemeOf(uri);
  if (scheme !== undefined && !FETCHED_SCHEMES.includes(scheme)) {
    throw new TerminalError('ISVC_RENDER_STORAGE_URI', `"${uri}" has scheme "${scheme}", which nothing here can fetch`, {
      path, hint: `allowed are pvc, oci, ${FETCHED_SCHEMES.join(', ')}, and what a ClusterStorageContainer supports`,
    });
  }
  if (uri.includes('.blob.core.windows.net') && !AZURE_BLOB.test(uri)) {
    throw new TerminalError('ISVC_RENDER_STORAGE_URI', `"${uri}" is no Azure blob address`, { path, hint: 'write https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH' });
  }
}
