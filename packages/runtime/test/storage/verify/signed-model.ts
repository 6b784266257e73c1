import { sign, type KeyObject } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../../support/temp-folder';

const SIGNED = join(__dirname, '..', '..', 'fixtures', 'signed');

/** A file that `scripts/fixtures/signed_models.py` has written. */
export function signedFile(name: string): string {
  return join(SIGNED, name);
}

/** A copy of the signed model, with further or other files in it. */
export function signedModel(files: Readonly<Record<string, string>> = {}): string {
  const folder = tempFolder();
  cpSync(signedFile('model'), folder, { recursive: true });
  const others = tempFolder(files);
  cpSync(others, folder, { recursive: true });
  return folder;
}

/** The bundle of the fixture, signed anew with another kind of key and with another content. */
export function bundleSignedBy(key: KeyObject, change: (statement: string) => string = (text) => text): string {
  const bundle = JSON.parse(readFileSync(signedFile('p256.sig'), 'utf8')) as { dsseEnvelope: { payload: string; payloadType: string; signatures: unknown[] } };
  const { dsseEnvelope } = bundle;
  const payload = Buffer.from(change(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')));
  const message = Buffer.concat([Buffer.from(`DSSEv1 ${dsseEnvelope.payloadType.length} ${dsseEnvelope.payloadType} ${payload.length} `), payload]);
  const signature = sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', message, key);
  return JSON.stringify({ ...bundle, dsseEnvelope: { ...dsseEnvelope, payload: payload.toString('base64'), signatures: [{ sig: signature.toString('base64') }] } });
}
