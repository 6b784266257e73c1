import type { IncomingHttpHeaders } from 'node:http';
import { type Checksum, type ChecksumAlgorithm, fromBase64 } from '../download/checksum';

/** Asks a store to state the checksum that it keeps of an object. */
export const CHECKSUM_MODE = { 'x-amz-checksum-mode': 'ENABLED' };

/** By header, the dearest to forge first. */
const HEADERS: readonly (readonly [string, ChecksumAlgorithm])[] = [
  ['x-amz-checksum-sha256', 'sha256'], ['x-amz-checksum-sha1', 'sha1'], ['x-amz-checksum-crc64nvme', 'crc64nvme'], ['x-amz-checksum-crc32c', 'crc32c'], ['x-amz-checksum-crc32', 'crc32'],
];

/**
 * The checksum of a whole object, from the head of an answer to HEAD or to a GET without a range. Those of objects uploaded in
 * parts that are a checksum of checksums (type COMPOSITE, with a dash and the number of parts) say nothing about the bytes
 * alone and are left out.
 */
export function statedChecksum(headers: IncomingHttpHeaders): Checksum | undefined {
  if (headers['x-amz-checksum-type'] === 'COMPOSITE') return undefined;
  for (const [name, algorithm] of HEADERS) {
    const value = headers[name];
    if (typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value)) return fromBase64(algorithm, value);
  }
  return undefined;
}

/** The ETag of an object that was uploaded in one piece is its MD5; one of several pieces has a dash in it. */
export function checksumOfEtag(etag: string): Checksum | undefined {
  const md5 = /^"?([0-9a-f]{32})"?$/.exec(etag)?.[1];
  return md5 ? { algorithm: 'md5', digest: md5 } : undefined;
}

/** With a key of KMS or of the customer, an ETag looks like an MD5 and is none. */
export function isEncryptedByKey(headers: IncomingHttpHeaders): boolean {
  return String(headers['x-amz-server-side-encryption'] ?? '').startsWith('aws:') || headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined;
}
