import { unpackSingleArchive } from '../archive/unpack';
import { fromBase64 } from '../download/checksum';
import { filterFiles } from '../filters';
import { filesBelowPrefix } from '../prefix';
import type { FetchSession } from '../session';
import type { Source, SourceFile } from '../source';
import { askText, type StoreAccess } from '../transport/ask';
import { openBody } from '../transport/open-body';
import { redactUri } from '../transport/redact';
import { storeError, type StoreWords } from '../transport/store-error';
import { elementsOf, textOf } from '../transport/xml';
import { findAzureAuthorizer } from './azure-credentials';
import { azureWords } from './azure-words';
import { azureServiceOf, type BlobAddress, parseBlobUri } from './blob-address';

const VERSION = { 'x-ms-version': '2021-08-06' };

/** `https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX`: Azure Blob storage. */
export const azureBlobSource: Source = {
  schemes: ['azure'],
  matches: (uri) => azureServiceOf(uri) === 'blob',
  async list(uri, session) {
    const address = parseBlobUri(uri, session.env['AZURE_SERVICE_URL']);
    const access = { client: session.client(), authorizer: findAzureAuthorizer(address.account, address.sas.has('sig'), session) };
    const words = wordsOf(uri, address, access);
    try {
      const blobs = await listBlobs(address, access, session);
      const files = filesBelowPrefix(blobs, address.prefix, ({ name }) => name, `azure: ${words.subject}`).map(({ path, item }): SourceFile => {
        const request = { url: urlOf(address, item.name, {}), headers: { ...VERSION, 'if-match': item.etag } };
        const checksum = item.md5 ? fromBase64('md5', item.md5) : undefined;
        return { path, size: item.size, version: item.etag, ranged: true, checksum, open: (range, signal) => openBody(request, range, access, words, signal) };
      });
      return { files: filterFiles(files, session.env, redactUri(uri)), finish: unpackSingleArchive, identity: words.identity };
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, words);
    }
  },
};

interface Blob {
  readonly name: string;
  readonly size: number;
  /** With quotes, as conditions want it. */
  readonly etag: string;
  /** Base64; missing for blobs that were uploaded in blocks. */
  readonly md5: string;
}

async function listBlobs(address: BlobAddress, access: StoreAccess, session: FetchSession): Promise<readonly Blob[]> {
  const blobs: Blob[] = [];
  let marker = '';
  do {
    const url = urlOf(address, '', { restype: 'container', comp: 'list', prefix: address.prefix, ...(marker ? { marker } : {}) });
    const { text } = await askText({ url, headers: VERSION }, access, session);
    blobs.push(...elementsOf(text, 'Blob').map(blobOf));
    marker = textOf(text, 'NextMarker') ?? '';
  } while (marker && !session.probe);
  return blobs.filter(({ name }) => name !== '' && !name.endsWith('/'));
}

function blobOf(xml: string): Blob {
  const etag = textOf(xml, 'Etag') ?? '';
  return { name: textOf(xml, 'Name') ?? '', size: Number(textOf(xml, 'Content-Length')), etag: etag.startsWith('"') ? etag : `"${etag}"`, md5: textOf(xml, 'Content-MD5') ?? '' };
}

function urlOf({ base, container, sas }: BlobAddress, name: string, query: Readonly<Record<string, string>>): URL {
  const path = [container, ...(name === '' ? [] : name.split('/'))].map(encodeURIComponent).join('/');
  const url = new URL(`${base}/${path}`);
  url.search = new URLSearchParams([...sas, ...Object.entries(query)]).toString();
  return url;
}

function wordsOf(uri: string, address: BlobAddress, access: StoreAccess): StoreWords {
  return azureWords(uri, address, access, {
    root: 'container',
    withoutIdentity: 'add a secret with AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, or AZURE_STORAGE_ACCESS_KEY, to the service account',
    withIdentity: (identity) => `give ${identity} the role Storage Blob Data Reader`,
  });
}
