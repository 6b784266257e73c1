import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bitString, boolean, context, integer, octetString, oid, sequence, set, utcTime, utf8 } from './der';

export interface Certificate {
  /** PEM */
  readonly certificate: string;
  /** PEM */
  readonly privateKey: string;
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const SUBJECT_ALT_NAME = '2.5.29.17';
const DAY_MS = 24 * 3600 * 1000;

/**
 * Makes a key and a certificate for 127.0.0.1 and localhost that vouches for itself. Node can use certificates but not make
 * them, and a Kubernetes client sends its token over TLS only. The key lives as long as the process.
 *
 * @param names of further hosts.
 */
export function selfSignedCertificate(now: Date, names: readonly string[] = []): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const name = sequence(set(sequence(oid(COMMON_NAME), utf8('cdk8s-kserve local'))));
  const extensions = sequence(
    // The certificate is its own authority: that is what clients are given to trust.
    sequence(oid(BASIC_CONSTRAINTS), boolean(true), octetString(sequence(boolean(true)))),
    sequence(oid(SUBJECT_ALT_NAME), octetString(sequence(...['localhost', ...names].map((host) => context(2, Buffer.from(host), false)), context(7, Buffer.from([127, 0, 0, 1]), false)))),
  );
  const body = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    // Clocks of two processes on one machine agree, but a day of slack costs nothing.
    sequence(utcTime(new Date(now.getTime() - DAY_MS)), utcTime(new Date(now.getTime() + 365 * DAY_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, extensions),
  );
  const certificate = sequence(body, algorithm, bitString(sign('sha256', body, privateKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}
