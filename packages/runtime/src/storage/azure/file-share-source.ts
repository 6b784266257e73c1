import type { IncomingHttpHeaders } from 'node:http';
import { unpackSingleArchive } from '../archive/unpack';
import { type Checksum, fromBase64 } from '../download/checksum';
import { filterFiles } from '../filters';
import type { FetchSession } from '../session';
import type { Source, SourceFile } from '../source';
import type { StoreAccess } from '../transport/ask';
import { HttpFailure } from '../transport/failure';
import { openBody } from '../transport/open-body';
import { redactUri } from '../transport/redact';
import { storeError, type StoreWords } from '../transport/store-error';
import { findAzureAuthorizer } from './azure-credentials';
import { azureWords } from './azure-words';
import { azureServiceOf, type BlobAddress, parseBlobUri } from './blob-address';
import { FileShare } from './file-share';

/**
 * `https://ACCOUNT.file.core.windows.net/SHARE/PATH`: a file or folder of an Azure file share.
 *
 * Its listings have no digests, only its answers; and it takes no conditions: a change on the way shows by the tag of the answer.
 */
export const azureFileSource: Source = {
  schemes: [],
  matches: (uri) => azureServiceOf(uri) === 'file',
  async list(uri, session) {
    const address = parseBlobUri(uri, session.env['AZURE_SERVICE_URL']);
    const hasSas = address.sas.has('sig');
    const access = { client: session.client(), authorizer: findAzureAuthorizer(address.account, hasSas, session) };
    const words = wordsOf(uri, address, access);
    const share = new FileShare(address, access, headersFor(hasSas, session.env), session);
    try {
      const files = (await share.filesAt(address.prefix)).map(({ path, file }): SourceFile => {
        let checksum: Checksum | undefined;
        return {
          path,
          size: file.size,
          version: file.etag,
          ranged: true,
          get checksum() {
            return checksum;
          },
          open: (range, signal) => openBody(share.request(file), range, access, words, signal, (headers) => void (checksum ??= md5Of(headers, range !== undefined))),
        };
      });
      if (files.length === 0) throw new HttpFailure(404, {}, `<Message>there is no file at "${address.prefix}"</Message>`);
      return { files: filterFiles(files, session.env, redactUri(uri)), finish: unpackSingleArchive, identity: words.identity };
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, words);
    }
  },
};

/** Of the whole file, where whoever uploaded it has stated one. With a part, `content-md5` is that of the part. */
function md5Of(headers: IncomingHttpHeaders, isPart: boolean): Checksum | undefined {
  const value = headers['x-ms-content-md5'] ?? (isPart ? undefined : headers['content-md5']);
  return typeof value === 'string' && /^[A-Za-z0-9+/]{22}==$/.test(value) ? fromBase64('md5', value) : undefined;
}

/** Tokens of Entra ID open shares only to those who say that they read past the permissions of single files. */
function headersFor(hasSas: boolean, env: FetchSession['env']): Readonly<Record<string, string>> {
  const version = { 'x-ms-version': '2022-11-02' };
  return hasSas || env['AZURE_STORAGE_ACCESS_KEY'] ? version : { ...version, 'x-ms-file-request-intent': 'backup' };
}

function wordsOf(uri: string, address: BlobAddress, access: StoreAccess): StoreWords {
  return azureWords(uri, address, access, {
    root: 'share',
    withoutIdentity: 'add a secret with AZURE_STORAGE_ACCESS_KEY, or with AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, to the service account',
    withIdentity: () => 'check the key or signature; a client needs the role Storage File Data Privileged Reader',
  });
}
