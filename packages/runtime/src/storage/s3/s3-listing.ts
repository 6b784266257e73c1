import { IsvcError } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { askText, type StoreAccess } from '../transport/ask';
import { elementsOf, textOf } from '../transport/xml';
import type { S3Address } from './s3-address';
import { s3Url } from './s3-address';
import type { S3Settings } from './s3-settings';

export interface S3Object {
  readonly key: string;
  readonly size: number;
  /** With its quotes; empty where the server has none. */
  readonly etag: string;
  readonly modified: string;
}

/** Every object whose key starts with a prefix, page by page. Keys that end in a slash are folders, not files. */
export async function listObjects({ bucket, key }: S3Address, settings: S3Settings, headers: Readonly<Record<string, string>>, access: StoreAccess, session: FetchSession): Promise<readonly S3Object[]> {
  const objects: S3Object[] = [];
  let token: string | undefined;
  do {
    const url = s3Url(settings, bucket);
    url.search = new URLSearchParams({ 'list-type': '2', prefix: key, 'encoding-type': 'url', ...(token ? { 'continuation-token': token } : {}) }).toString().replaceAll('+', '%20');
    const { text } = await askText({ url, headers }, access, session);
    if (!/<ListBucketResult[\s>]/.test(text)) {
      throw new IsvcError('ISVC_FETCH_IO', `s3: what answers at ${url.host} is no S3 server`, { hint: 'check AWS_ENDPOINT_URL: it must be the S3 port, not the console' });
    }
    objects.push(...elementsOf(text, 'Contents').map((xml) => objectOf(xml, textOf(text, 'EncodingType') === 'url')));
    const next = textOf(text, 'IsTruncated') === 'true' ? textOf(text, 'NextContinuationToken') : undefined;
    token = next === token ? undefined : next;
  } while (token && !session.probe);
  return objects.filter((object) => object.key !== '' && !object.key.endsWith('/'));
}

function objectOf(xml: string, encoded: boolean): S3Object {
  const key = textOf(xml, 'Key') ?? '';
  return { key: encoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key, size: Number(textOf(xml, 'Size')), etag: textOf(xml, 'ETag') ?? '', modified: textOf(xml, 'LastModified') ?? '' };
}
