import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { IsvcError, messageOf, parseModelDigests } from 'cdk8s-kserve/api';
import { JOURNAL } from '../download/journal';
import { joinInside } from '../join-inside';
import { checkFiles } from './check-files';
import { checkSignature } from './check-signature';
import { manifestOf } from './model-manifest';
import { parseSignatureBundle } from './signature-bundle';
import { parseSignedManifest } from './signed-manifest';
import { parseTrustedSigners } from './trusted-signers';

/** Where a signature lies in a model unless somebody says otherwise. */
export const SIGNATURE_FILE = 'model.sig';
const LARGEST_SIGNATURE = 64 * 1024 * 1024;

export interface VerificationOptions {
  /** File of SHA-256 digests, as sha256sum writes them. */
  readonly digests?: string | undefined;
  /** File of public keys and certificates, as PEM; with it the model must be signed. */
  readonly signers?: string | undefined;
  /** The signature: a path in the model, or an absolute one of this machine. @default model.sig */
  readonly signature?: string | undefined;
}

/** What a model must be before anybody may see it. */
export interface Verification {
  /** Changes whenever what is asked for does, so that a model that was let in under other rules is looked at again. */
  readonly fingerprint: string;
  /**
   * Checks a complete model that is still out of sight.
   *
   * @throws IsvcError ISVC_FETCH_UNVERIFIED, ISVC_FETCH_SIGNATURE
   */
  check(folder: string, signal: AbortSignal): Promise<void>;
}

/**
 * Reads what a model is to be compared with.
 *
 * @returns undefined where nothing is asked for.
 * @throws IsvcError ISVC_FETCH_CONFIG for files that cannot be read or used.
 */
export async function openVerification({ digests, signers, signature }: VerificationOptions): Promise<Verification | undefined> {
  if (signature !== undefined && signers === undefined) throw new IsvcError('ISVC_FETCH_CONFIG', '--signature needs --signers: a signature is worth what its signer is', { hint: 'add --signers=FILE with public keys or certificates' });
  if (digests === undefined && signers === undefined) return undefined;
  const texts = [digests, signers].map((path) => (path === undefined ? undefined : textOf(path)));
  const [digestText, signerText] = await Promise.all(texts);
  const manifest = digestText === undefined ? undefined : readDigests(digestText, digests ?? '');
  const trusted = signerText === undefined ? undefined : parseTrustedSigners(signerText, signers ?? '');
  const where = signature ?? SIGNATURE_FILE;
  const local = isAbsolute(where);
  const allowed = new Set([JOURNAL, ...(trusted && !local ? [where] : [])]);
  return {
    fingerprint: createHash('sha256').update(JSON.stringify([digestText, signerText, trusted && where])).digest('hex'),
    async check(folder, signal) {
      if (trusted) {
        const bundle = parseSignatureBundle(await signatureText(local ? where : joinInside(folder, where, where), where), where);
        checkSignature(bundle, trusted, where);
        await checkFiles(folder, parseSignedManifest(bundle.payload, where), allowed, 'the signature', signal);
      }
      if (manifest) await checkFiles(folder, manifest, allowed, 'the digests', signal);
    },
  };
}

function readDigests(text: string, path: string): ReturnType<typeof manifestOf> {
  const { digests, problems } = parseModelDigests(text);
  if (problems.length === 0) return manifestOf(digests);
  throw new IsvcError('ISVC_FETCH_CONFIG', problems.slice(0, 3).join('; '), { path, hint: 'write it with: cd MODEL && find . -type f | xargs sha256sum' });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new IsvcError('ISVC_FETCH_CONFIG', `cannot be read: ${messageOf(error)}`, { path, hint: 'check the path, and that the ConfigMap has the key', cause: error });
  }
}

async function signatureText(file: string, path: string): Promise<string> {
  const size = await stat(file).then((info) => (info.isFile() ? info.size : undefined), () => undefined);
  if (size === undefined) throw new IsvcError('ISVC_FETCH_SIGNATURE', 'the model is not signed: there is no such file', { path, hint: `sign it (model_signing sign key MODEL --signature MODEL/${SIGNATURE_FILE}), or say with --signature where the signature lies` });
  if (size > LARGEST_SIGNATURE) throw new IsvcError('ISVC_FETCH_SIGNATURE', `has ${size} bytes; a signature has at most ${LARGEST_SIGNATURE}`, { path, hint: 'check the name' });
  return readFile(file, 'utf8');
}
