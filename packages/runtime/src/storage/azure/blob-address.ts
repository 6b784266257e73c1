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

/** What an `https` address is to Azure storage, if anything. */
export function azureServiceOf(uri: string): 'blob' | 'file' | undefined {
  if (!URL.canParse(uri) || !uri.startsWith('https://')) return undefined;
  const { hostname } = new URL(uri);
  if (BLOB_HOST.test(hostname)) return 'blob';
  return FILE_HOST.test(hostname) ? 'file' : undefined;
}

/**
 * @param serviceUrl `AZURE_SERVICE_URL`, which takes the place of the host.
 * @throws IsvcError ISVC_FETCH_NOT_FOUND where no container is named.
 */
export function parseBlobUri(uri: string, serviceUrl: string | undefined): BlobAddress {
  const url = new URL(uri);
  const [, container = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
  if (container === '') throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address names no container or share', { path: redactUri(uri), hint: 'write it as https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH or https://ACCOUNT.file.core.windows.net/SHARE/PATH' });
  if (serviceUrl && !URL.canParse(serviceUrl)) throw new IsvcError('ISVC_FETCH_CONFIG', 'AZURE_SERVICE_URL is not an address', { hint: 'write it as https://HOST' });
  return { account: (BLOB_HOST.exec(url.hostname) ?? FILE_HOST.exec(url.hostname))?.[1] ?? '', container, prefix: rest.join('/'), base: (serviceUrl || url.origin).replace(/\/+$/, ''), sas: url.searchParams };
}
