import { IsvcError } from 'cdk8s-kserve/api';
import { unpackSingleArchive } from '../archive/unpack';
import { type Checksum, fromBase64 } from '../download/checksum';
import { filterFiles } from '../filters';
import { filesBelowPrefix } from '../prefix';
import type { FetchSession } from '../session';
import type { Source, SourceFile } from '../source';
import { askText, type StoreAccess } from '../transport/ask';
import { asArray, asObject, asText, fieldOf, type JsonObject, parseJson } from '../transport/json';
import { openBody } from '../transport/open-body';
import { storeError, type StoreWords } from '../transport/store-error';
import { findGoogleAuthorizer } from './google-credentials';

/** `gs://bucket/prefix` or one object. */
export const gcsSource: Source = {
  schemes: ['gs'],
  async list(uri, session) {
    const [bucket = '', ...rest] = uri.slice('gs://'.length).split('/');
    if (bucket === '') throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address names no bucket', { path: uri, hint: 'write it as gs://BUCKET/PREFIX' });
    const prefix = rest.join('/');
    const base = baseOf(session.env);
    const access = { client: session.client(), authorizer: await findGoogleAuthorizer(session) };
    const words = wordsOf(uri, bucket, access);
    try {
      const objects = (await listObjects(base, bucket, prefix, access, session)).filter((object) => !asText(object['name']).endsWith('/'));
      const files = filesBelowPrefix(objects, prefix, (object) => asText(object['name']), `gs: ${words.subject}`).map(({ path, item }): SourceFile => {
        const url = new URL(`/download/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(asText(item['name']))}`, base);
        url.search = new URLSearchParams({ alt: 'media', generation: asText(item['generation']) }).toString();
        // Without this, objects that are stored compressed would be unpacked on the way and have another size and digest.
        const request = { url, headers: { 'accept-encoding': 'gzip' } };
        const checksum = checksumOf(item);
        return { path, size: Number(item['size'] ?? 0), version: asText(item['generation']), ranged: true, checksum, open: (range, signal) => openBody(request, range, access, words, signal) };
      });
      return { files: filterFiles(files, session.env, uri), finish: unpackSingleArchive, identity: words.identity };
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, words);
    }
  },
};

function baseOf(env: NodeJS.ProcessEnv): URL {
  const host = env['STORAGE_EMULATOR_HOST'];
  if (!host) return new URL('https://storage.googleapis.com');
  const text = host.includes('://') ? host : `http://${host}`;
  if (URL.canParse(text)) return new URL(text);
  throw new IsvcError('ISVC_FETCH_CONFIG', 'STORAGE_EMULATOR_HOST is not an address', { hint: 'write it as http://HOST:PORT' });
}

async function listObjects(base: URL, bucket: string, prefix: string, access: StoreAccess, session: FetchSession): Promise<readonly JsonObject[]> {
  const objects: JsonObject[] = [];
  let page = '';
  do {
    const url = new URL(`/storage/v1/b/${encodeURIComponent(bucket)}/o`, base);
    url.search = new URLSearchParams({ prefix, maxResults: '1000', ...(page ? { pageToken: page } : {}) }).toString();
    const answer = asObject(parseJson((await askText({ url }, access, session)).text, 'gs'));
    objects.push(...asArray(answer['items']).map(asObject));
    page = asText(answer['nextPageToken']);
  } while (page && !session.probe);
  return objects;
}

/** Composed objects have no MD5, only a CRC. */
function checksumOf(object: JsonObject): Checksum | undefined {
  const [md5, crc] = [asText(object['md5Hash']), asText(object['crc32c'])];
  if (md5) return fromBase64('md5', md5);
  return crc ? fromBase64('crc32c', crc) : undefined;
}

function wordsOf(uri: string, bucket: string, { authorizer }: StoreAccess): StoreWords {
  return {
    store: 'gs',
    subject: `bucket ${bucket}`,
    uri,
    identity: authorizer.identity,
    deniedHint: authorizer.identity === 'anonymous'
      ? 'add a secret with gcloud-application-credentials.json to the service account, or use workload identity'
      : `give ${authorizer.identity} the role Storage Object Viewer on the bucket`,
    notFoundHint: 'check bucket and path',
    detail: ({ body }) => fieldOf(body, 'message'),
  };
}
