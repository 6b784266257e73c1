import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { asArray, asObject, asText, type JsonObject } from '../transport/json';

const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.bundle(\.v0\.\d+\+json|\+json;version=0\.\d+)$/;
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** What a Sigstore bundle says, before any of it is believed. */
export interface SignatureBundle {
  /** Exactly the bytes that were signed. */
  readonly payload: Buffer;
  readonly signatures: readonly Buffer[];
  /** DER, the signer's own first; none where a plain key has signed. */
  readonly certificates: readonly Buffer[];
}

/**
 * Reads a Sigstore bundle with a DSSE envelope, the form of OpenSSF model signatures.
 *
 * @throws IsvcError ISVC_FETCH_SIGNATURE for anything else.
 */
export function parseSignatureBundle(text: string, path: string): SignatureBundle {
  const bundle = asObject(parsed(text, path));
  const mediaType = asText(bundle['mediaType']);
  if (!MEDIA_TYPE.test(mediaType)) throw unreadable(`must be a Sigstore bundle, its media type is "${mediaType}"`, path);
  const envelope = asObject(bundle['dsseEnvelope']);
  const payloadType = asText(envelope['payloadType']);
  if (payloadType !== PAYLOAD_TYPE) throw unreadable(`must hold an in-toto statement (${PAYLOAD_TYPE}), it holds "${payloadType}"`, path);
  const signatures = asArray(envelope['signatures']).map((entry) => fromBase64(asObject(entry)['sig']));
  if (signatures.length === 0) throw unreadable('holds no signature', path);
  return { payload: fromBase64(envelope['payload']), signatures, certificates: certificatesOf(asObject(bundle['verificationMaterial'])) };
}

function certificatesOf(material: JsonObject): readonly Buffer[] {
  const chain = asArray(asObject(material['x509CertificateChain'])['certificates']);
  const all = material['certificate'] === undefined ? chain : [material['certificate']];
  return all.map((entry) => fromBase64(asObject(entry)['rawBytes']));
}

function fromBase64(value: unknown): Buffer {
  return Buffer.from(asText(value), 'base64');
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable(`is not JSON: ${messageOf(error)}`, path);
  }
}

function unreadable(message: string, path: string): IsvcError {
  return new IsvcError('ISVC_FETCH_SIGNATURE', message, { path, hint: 'sign the model with model_signing 1.0 or later' });
}
