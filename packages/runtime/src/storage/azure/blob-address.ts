import { IsvcError } from 'cdk8s-kserve/api';
import { redactUri } from '../transport/redact';

export interface BlobAddress {
  readonly account: string;
  /** Or the share, for file storage. */
  readonly container: string;
  /** A blob or a prefix; a file or a folder of a share. */
  readonly prefix: string;
  /** Origin of the service and, for emulators, the path of the account. */
  readonly base: string;
  /** The signature of the address, or nothing. */
  readonly sas: URLSearchParams;
}

const BLOB_HOST = /^([a-z0-9-]+)\.(?:blob\.core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|z\d+\.blob\.storage\.azure\.net)$/;
const FILE_HOST = /^([a-z0-9-]+)\.(?:file\.core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|z\d+\.file\.storage\.azure\.net)$/;

const SHORT = /^azure:\/\//i;
const ACCOUNT = /^[a-z0-9]{3,24}$/;
const SPELLINGS = 'https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH, https://ACCOUNT.file.core.windows.net/SHARE/PATH or azure://ACCOUNT/CONTAINER/PATH';

/** What an `https` or `azure` address is to Azure storage, if anything. */
export function azureServiceOf(uri: string): 'blob' | 'file' | undefined {
  const short = SHORT.test(uri);
  const address = uri.replace(SHORT, 'https://');
  if (!/^https:/i.test(address) || !URL.canParse(address)) return short ? 'blob' : undefined;
  const { hostname } = new URL(address);
  if (FILE_HOST.test(hostname)) return 'file';
  // Whatever else stands after azure:// is for us to refuse.
  return short || BLOB_HOST.test(hostname) ? 'blob' : undefined;
}

/**
 * KServe differs: it accepts `azure://` in a resource, and its fetcher then knows no such scheme. Here it is short for the
 * blob storage of an account, or stands before a whole host name.
 */
function urlOf(uri: string): URL {
  const fail = (problem: string): IsvcError => new IsvcError('ISVC_FETCH_NOT_FOUND', problem, { path: redactUri(uri), hint: `write it as ${SPELLINGS}` });
  const address = uri.replace(SHORT, 'https://');
  if (!URL.canParse(address)) throw fail('the address is not one of Azure storage');
  const url = new URL(address);
  if (SHORT.test(uri) && url.username !== '') throw fail('the account stands first, the container after it');
  if (SHORT.test(uri) && !BLOB_HOST.test(url.hostname) && !FILE_HOST.test(url.hostname)) {
    if (!ACCOUNT.test(url.host)) throw fail(`"${url.host}" is no storage account: 3 to 24 lower-case letters and digits`);
    url.host = `${url.host}.blob.core.windows.net`;
  }
  return url;
}

/**
 * @param serviceUrl `AZURE_SERVICE_URL`, which takes the place of the host.
 * @throws IsvcError ISVC_FETCH_NOT_FOUND where no account or container is named.
 */
export function parseBlobUri(uri: string, serviceUrl: string | undefined): BlobAddress {
  const url = urlOf(uri);
  const [, container = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
  if (container === '') throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address names no container or share', { path: redactUri(uri), hint: `write it as ${SPELLINGS}` });
  if (serviceUrl && !URL.canParse(serviceUrl)) throw new IsvcError('ISVC_FETCH_CONFIG', 'AZURE_SERVICE_URL is not an address', { hint: 'write it as https://HOST' });
  return { account: (BLOB_HOST.exec(url.hostname) ?? FILE_HOST.exec(url.hostname))?.[1] ?? '', container, prefix: rest.join('/'), base: (serviceUrl || url.origin).replace(/\/+$/, ''), sas: url.searchParams };
}
