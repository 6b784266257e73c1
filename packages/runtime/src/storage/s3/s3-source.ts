import { unpackSingleArchive } from '../archive/unpack';
import { filterFiles } from '../filters';
import { filesBelowPrefix } from '../prefix';
import type { FetchSession } from '../session';
import type { Source, SourceFile } from '../source';
import type { StoreAccess } from '../transport/ask';
import { anonymous, type Authorizer } from '../transport/authorizer';
import { storeError, type StoreWords } from '../transport/store-error';
import { textOf } from '../transport/xml';
import { awsAuthorizer } from './aws-authorizer';
import { findAwsKeys } from './aws-credentials';
import { parseS3Uri, s3Url } from './s3-address';
import { listObjects } from './s3-listing';
import { s3File } from './s3-object';
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
      const files = filesBelowPrefix(objects, address.key, ({ key }) => key, `s3: ${words.subject}`).map(({ path, item }): SourceFile => {
        const request = { url: s3Url(settings, address.bucket, item.key), headers };
        return s3File(path, item, request, access, words, session);
      });
      return { files: filterFiles(files, session.env, uri), finish: unpackSingleArchive, identity: words.identity };
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, words);
    }
  },
};

function accessOf(settings: S3Settings, session: FetchSession): StoreAccess {
  const client = session.client({ verify: settings.verify, caBundle: settings.caBundle });
  return { client, authorizer: authorizerOf(settings, session) };
}

function authorizerOf({ anonymous: asNobody, region }: S3Settings, session: FetchSession): Authorizer {
  const keys = asNobody ? undefined : findAwsKeys(session, region);
  return keys ? awsAuthorizer(keys, region, session.clock) : anonymous;
}

/** Codes by which a store says that the keys themselves are wrong, whatever they may do. */
const WRONG_KEYS = /<Code>(SignatureDoesNotMatch|InvalidAccessKeyId|ExpiredToken|InvalidToken|XAdminUserNotFound)</;

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
    // versitygw answers with 404 for a key that it does not know, AWS with 400 for a token that has ended.
    isDenied: ({ body }) => WRONG_KEYS.test(body),
    notFoundHint: `check bucket and path, and that they are ${endpoint ? `at ${endpoint.host}` : `in region ${region}`}`,
    detail: ({ body }) => [textOf(body, 'Code'), textOf(body, 'Message')].filter(Boolean).join(': ').slice(0, 300) || undefined,
  };
}
