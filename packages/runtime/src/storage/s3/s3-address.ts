import { IsvcError } from 'cdk8s-kserve/api';
import type { S3Settings } from './s3-settings';
import { encodeKey } from './sign-v4';

export interface S3Address {
  readonly bucket: string;
  /** An object or a prefix, without a slash at the start. */
  readonly key: string;
}

/** @throws IsvcError ISVC_FETCH_NOT_FOUND where the address names no bucket. */
export function parseS3Uri(uri: string): S3Address {
  const [bucket = '', ...rest] = uri.slice(uri.indexOf('://') + 3).split('/');
  if (bucket === '') throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address names no bucket', { path: uri, hint: 'write it as s3://BUCKET/PREFIX' });
  return { bucket, key: rest.join('/').replace(/^\/+/, '') };
}

/** Where a bucket, or an object of it, is asked for. */
export function s3Url({ region, endpoint, virtualHost, accelerate }: S3Settings, bucket: string, key = ''): URL {
  const path = encodeKey(key);
  const base = endpoint ?? new URL(accelerate ? 'https://s3-accelerate.amazonaws.com' : `https://s3.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`);
  const root = base.pathname.replace(/\/$/, '');
  // A dot in a bucket's name would not match the certificate of the host.
  if (accelerate || (virtualHost && !(base.protocol === 'https:' && bucket.includes('.')))) return new URL(`${base.protocol}//${bucket}.${base.host}${root}/${path}`);
  return new URL(`${base.protocol}//${base.host}${root}/${encodeKey(bucket)}/${path}`);
}
