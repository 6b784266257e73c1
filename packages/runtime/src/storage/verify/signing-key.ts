import { type KeyObject, verify } from 'node:crypto';
import { IsvcError } from 'cdk8s-kserve/api';

/** Sigstore's pairing of curves and hashes. */
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'sha256', secp384r1: 'sha384', secp521r1: 'sha512' };
const LEAST_RSA_BITS = 2048;

/** @throws IsvcError ISVC_FETCH_CONFIG for a key that no signature should be checked with. */
export function assertSigningKey(key: KeyObject, path: string): void {
  if (isSigningKey(key)) return;
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  throw new IsvcError('ISVC_FETCH_CONFIG', `a key of kind ${[key.asymmetricKeyType, namedCurve, modulusLength].filter((part) => part !== undefined).join(' ')} is not known`, {
    path,
    hint: `use EC P-256, P-384 or P-521, RSA of ${LEAST_RSA_BITS} bits or more, or Ed25519`,
  });
}

export function isSigningKey({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean {
  if (asymmetricKeyType === 'ec') return (asymmetricKeyDetails.namedCurve ?? '') in CURVES;
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails.modulusLength ?? 0) >= LEAST_RSA_BITS;
  return asymmetricKeyType === 'ed25519';
}

/** Whether `key` has made the signature: ECDSA, RSA PKCS #1 1.5 with SHA-256, or Ed25519. */
export function hasSigned(key: KeyObject, message: Buffer, signature: Buffer): boolean {
  const hash = key.asymmetricKeyType === 'ed25519' ? null : key.asymmetricKeyType === 'ec' ? CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''] : 'sha256';
  return verify(hash, message, key, signature);
}
