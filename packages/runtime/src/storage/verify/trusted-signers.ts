import { X509Certificate, type KeyObject, createPublicKey } from 'node:crypto';
import { IsvcError, messageOf, modelSignersProblem } from 'cdk8s-kserve/api';
import { assertSigningKey } from './signing-key';

/** Whose signatures count. */
export interface TrustedSigners {
  readonly keys: readonly KeyObject[];
  /** Roots, intermediates or signing certificates themselves: a chain may end at any of them. */
  readonly anchors: readonly X509Certificate[];
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g;

/**
 * Reads public keys and certificates from PEM, any number of either.
 *
 * @throws IsvcError ISVC_FETCH_CONFIG for what is none, and for keys of a kind that is not known.
 */
export function parseTrustedSigners(pem: string, path: string): TrustedSigners {
  const problem = modelSignersProblem(pem);
  if (problem !== undefined) throw unusable(problem, path);
  const keys: KeyObject[] = [];
  const anchors: X509Certificate[] = [];
  for (const [block, label] of pem.matchAll(BLOCK)) {
    try {
      if (label === 'CERTIFICATE') anchors.push(new X509Certificate(block));
      else keys.push(createPublicKey(block));
    } catch (error) {
      throw unusable(`has a ${label} that cannot be read: ${messageOf(error)}`, path);
    }
  }
  for (const key of keys) assertSigningKey(key, path);
  if (keys.length + anchors.length === 0) throw unusable('has a PEM block without an end', path);
  return { keys, anchors };
}

function unusable(message: string, path: string): IsvcError {
  return new IsvcError('ISVC_FETCH_CONFIG', message, { path, hint: 'write public keys (EC, RSA, Ed25519) or certificates as PEM' });
}
