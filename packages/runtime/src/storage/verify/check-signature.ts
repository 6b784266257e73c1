import { X509Certificate, type KeyObject } from 'node:crypto';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { chainProblem } from './certificate-chain';
import { PAYLOAD_TYPE, type SignatureBundle } from './signature-bundle';
import { hasSigned, isSigningKey } from './signing-key';
import type { TrustedSigners } from './trusted-signers';

/**
 * Checks that somebody trusted has signed the bundle's payload.
 *
 * @throws IsvcError ISVC_FETCH_SIGNATURE where nobody has.
 */
export function checkSignature(bundle: SignatureBundle, signers: TrustedSigners, path: string): void {
  const certified = bundle.certificates.length > 0;
  const keys = certified ? [...signers.keys, certifiedKey(bundle, signers, path)] : signers.keys;
  if (keys.length === 0) throw untrusted('is signed with a key, but only certificates are trusted', path, 'add the public key to the trusted signers, or sign with a certificate');
  const message = preAuthenticated(bundle.payload);
  if (bundle.signatures.some((signature) => keys.some((key) => hasSigned(key, message, signature)))) return;
  throw untrusted(certified ? 'the signature is not of the key in its certificate' : 'the signature is of none of the trusted keys', path, 'check that bundle and signers belong together; a bundle that was changed must be made again');
}

function certifiedKey({ certificates }: SignatureBundle, { keys, anchors }: TrustedSigners, path: string): KeyObject {
  let chain: readonly X509Certificate[];
  try {
    chain = certificates.map((der) => new X509Certificate(der));
  } catch (error) {
    throw untrusted(`has a certificate that cannot be read: ${messageOf(error)}`, path, 'sign the model again');
  }
  const key = chain[0]?.publicKey;
  // A key that is trusted by itself needs no chain.
  const pinned = key && keys.some((trusted) => trusted.equals(key));
  const problem = pinned ? undefined : chainProblem(chain, anchors);
  if (problem !== undefined || !key) throw untrusted(problem ?? 'has no certificate', path, 'add the root certificate of the signer to the trusted signers');
  if (!isSigningKey(key)) throw untrusted('the key of its certificate is of a kind that is not known', path, 'use EC P-256, P-384 or P-521, RSA of 2048 bits or more, or Ed25519');
  return key;
}

/** What DSSE signs: lengths keep one field from passing for a part of another. */
function preAuthenticated(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]);
}

function untrusted(message: string, path: string, hint: string): IsvcError {
  return new IsvcError('ISVC_FETCH_SIGNATURE', message, { path, hint });
}
