import type { IncomingHttpHeaders } from 'node:http';
import { unpackSingleArchive } from '../archive/unpack';
import type { Checksum } from '../download/checksum';
import { filterFiles } from '../filters';
import { filesBelowPrefix } from '../prefix';
import type { FetchSession } from '../session';
import type { Source, SourceFile } from '../source';
import type { StoreAccess } from '../transport/ask';
import { anonymous } from '../transport/authorizer';
import { HttpFailure } from '../transport/failure';
import { openBody } from '../transport/open-body';
import { storeError, type StoreWords } from '../transport/store-error';
import { textOf } from '../transport/xml';
import { awsAuthorizer } from './aws-authorizer';
import { findAwsKeys } from './aws-credentials';
import { parseS3Uri, s3Url } from './s3-address';
import { listObjects, type S3Object } from './s3-listing';
import { parseS3Settings, type S3Settings } from './s3-settings';

/** `s3://bucket/prefix` or `s3://bucket/key`: AWS S3 and what speaks like it. */
export const s3Source: Source = {
  schemes: ['s3'],
  async list(uri, session) {
    const address = parseS3Uri(uri);
    const settings = parseS3Settings(session.env);
    const access = accessOf(settings, session);
    const words = wordsOf(uri, address.bucket, settings, access);
    const headers: Record<string, string> = settings.requesterPays ? { 'x-amz-request-payer': 'requester' } : {};
    try {
      const objects = await listObjects(address, settings, headers, access, session);
      const files = filesBelowPrefix(objects, address.key, ({ key }) => key).map(({ path, item }): SourceFile => {
        const request = { url: s3Url(settings, address.bucket, item.key), headers: { ...headers, ...(item.etag ? { 'if-match': item.etag } : {}) } };
        let checksum = checksumOf(item);
        return {
          path,
          size: item.size,
          version: item.etag || `${item.size}-${item.modified}`,
          // Servers over a plain file system may give no tag; then nothing would tell that two parts are of two versions.
          ranged: item.etag !== '',
          // Only the answers tell whether the ETag is a digest, so this is asked for when all have come.
          get checksum() {
            return checksum;
          },
          open: (range, signal) => openBody(request, range, access, words, signal, (head) => {
            if (isEncryptedByKey(head)) checksum = undefined;
          }),
        };
      });
      if (files.length === 0) throw new HttpFailure(404, {}, `<Message>no object starts with "${address.key}"</Message>`);
      return { files: filterFiles(files, session.env, uri), finish: unpackSingleArchive };
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, words);
    }
  },
};

function accessOf(settings: S3Settings, session: FetchSession): StoreAccess {
  const client = session.client({ verify: settings.verify, caBundle: settings.caBundle });
  return { client, authorizer: settings.anonymous ? anonymous : awsAuthorizer(findAwsKeys(session, settings.region), settings.region, session.clock) };
}

/** The ETag of an object that was uploaded in one piece is its MD5; one of several pieces has a dash in it. */
function checksumOf({ etag }: S3Object): Checksum | undefined {
  const md5 = /^"?([0-9a-f]{32})"?$/.exec(etag)?.[1];
  return md5 ? { algorithm: 'md5', digest: md5 } : undefined;
}

/** With a key of KMS or of the customer, an ETag looks like an MD5 and is none. */
function isEncryptedByKey(headers: IncomingHttpHeaders): boolean {
  return String(headers['x-amz-server-side-encryption'] ?? '').startsWith('aws:') || headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined;
}

/** Codes by which a store says that the keys themselves are wrong, whatever they may do. */
const WRONG_KEYS = /<Code>(SignatureDoesNotMatch|InvalidAccessKeyId|ExpiredToken|InvalidToken)</;

function wordsOf(uri: string, bucket: string, { endpoint, region }: S3Settings, { authorizer }: StoreAccess): StoreWords {
  return {
    store: 's3',
    subject: `bucket ${bucket}`,
    uri,
    identity: authorizer.identity,
    deniedHint: ({ body }) => {
      if (body.includes('RequestTimeTooSkewed')) return 'set the clock of the node';
      return WRONG_KEYS.test(body) ? 'correct the keys in the secret' : `${authorizer.identity} needs s3:GetObject and s3:ListBucket`;
    },
    notFoundHint: `check bucket and path, and that they are ${endpoint ? `at ${endpoint.host}` : `in region ${region}`}`,
    detail: ({ body }) => [textOf(body, 'Code'), textOf(body, 'Message')].filter(Boolean).join(': ').slice(0, 300) || undefined,
  };
}
