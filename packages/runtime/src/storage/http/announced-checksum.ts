import type { IncomingHttpHeaders } from 'node:http';
import { type Checksum, fromBase64 } from '../download/checksum';

/**
 * A digest of the whole file that a server states with the first byte of it: by RFC 9530, as Artifactory and Google Cloud
 * Storage do, or by the older Content-MD5, which speaks of the body and so counts with a whole one only.
 */
export function announcedChecksum(headers: IncomingHttpHeaders, isWhole: boolean): Checksum | undefined {
  const value = (name: string): string => String(headers[name] ?? '');
  const sha256 = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(value('repr-digest'))?.[1];
  if (sha256) return fromBase64('sha256', sha256);
  const artifactory = /^[0-9a-f]{64}$/i.exec(value('x-checksum-sha256'))?.[0];
  if (artifactory) return { algorithm: 'sha256', digest: artifactory.toLowerCase() };
  const google = value('x-goog-hash');
  // Of what is stored: of another file, where that is compressed and was unpacked on the way.
  if (google && value('x-goog-stored-content-encoding') === 'identity') {
    const [md5, crc32c] = [/(?:^|,)\s*md5=([A-Za-z0-9+/]{22}==)/.exec(google)?.[1], /(?:^|,)\s*crc32c=([A-Za-z0-9+/]{6}==)/.exec(google)?.[1]];
    if (md5) return fromBase64('md5', md5);
    if (crc32c) return fromBase64('crc32c', crc32c);
  }
  const md5 = /^[A-Za-z0-9+/]{22}==$/.exec(value('content-md5'))?.[0];
  return isWhole && md5 ? fromBase64('md5', md5) : undefined;
}
