import { createHash } from 'node:crypto';
import { IsvcError } from 'cdk8s-kserve/api';
import { asArray, asObject, asText, type JsonObject } from '../transport/json';
import { MANIFEST_ALGORITHMS, type ManifestAlgorithm, type ModelManifest, type Piece } from './model-manifest';

const STATEMENT = 'https://in-toto.io/Statement/v1';
const PREDICATE = 'https://model_signing/signature/v1.0';
const SHARD = /^(.+):(\d+):(\d+)$/s;

/**
 * The files that an OpenSSF model signature speaks of, whole or in shards.
 *
 * @param payload the in-toto statement, already known to be what a trusted signer has signed.
 * @throws IsvcError ISVC_FETCH_SIGNATURE for a statement of another kind, or one that contradicts itself.
 */
export function parseSignedManifest(payload: Buffer, path: string): ModelManifest {
  const statement = asObject(JSON.parse(payload.toString('utf8')));
  if (statement['_type'] !== STATEMENT) throw wrong(`the signed statement is of type "${asText(statement['_type'])}", not ${STATEMENT}`, path);
  if (statement['predicateType'] !== PREDICATE) throw wrong(`the signed statement is a "${asText(statement['predicateType'])}", not ${PREDICATE}`, path);
  const predicate = asObject(statement['predicate']);
  const resources = asArray(predicate['resources']).map(asObject);
  assertRoot(resources, asArray(statement['subject']).map(asObject), path);
  const serialization = asObject(predicate['serialization']);
  const sharded = serialization['method'] === 'shards';
  if (!sharded && serialization['method'] !== 'files') throw wrong(`method "${asText(serialization['method'])}" is not known; known are files, shards`, path);
  const files = new Map<string, Piece[]>();
  for (const resource of resources) {
    const { name, piece } = pieceOf(resource, sharded, path);
    const known = files.get(name);
    if (known && !sharded) throw wrong(`"${name}" is there twice`, path);
    files.set(name, [...(known ?? []), piece]);
  }
  for (const pieces of files.values()) pieces.sort((a, b) => a.start - b.start);
  return { files, leftOut: asArray(serialization['ignore_paths']).map(asText).filter((left) => left !== '') };
}

function pieceOf(resource: JsonObject, sharded: boolean, path: string): { readonly name: string; readonly piece: Piece } {
  const name = asText(resource['name']);
  const algorithm = algorithmOf(asText(resource['algorithm']), path);
  const digest = asText(resource['digest']).toLowerCase();
  if (!sharded) return { name, piece: { start: 0, end: undefined, algorithm, digest } };
  const [, file, start, end] = SHARD.exec(name) ?? [];
  if (file === undefined) throw wrong(`"${name}" must read NAME:START:END`, path);
  return { name: file, piece: { start: Number(start), end: Number(end), algorithm, digest } };
}

/** Shards have their size in the name, e.g. `sha256-sharded-1000000`. */
function algorithmOf(text: string, path: string): ManifestAlgorithm {
  const algorithm = text.replace(/-sharded-\d+$/, '');
  if (algorithm in MANIFEST_ALGORITHMS) return algorithm as ManifestAlgorithm;
  throw wrong(`digest algorithm "${algorithm}" is not known; known are ${Object.keys(MANIFEST_ALGORITHMS).join(', ')}`, path);
}

/** The subject is the digest of all digests: a signer that got this wrong cannot be relied on. */
function assertRoot(resources: readonly JsonObject[], subjects: readonly JsonObject[], path: string): void {
  if (resources.length === 0) throw wrong('the signed statement lists no files', path);
  const hash = createHash('sha256');
  for (const resource of resources) hash.update(Buffer.from(asText(resource['digest']), 'hex'));
  const root = hash.digest('hex');
  const said = asText(asObject(subjects[0]?.['digest'])['sha256']);
  if (subjects.length !== 1 || said !== root) throw wrong(`the signed statement contradicts itself: its files have the root digest ${root}, it says ${said || 'none'}`, path);
}

function wrong(message: string, path: string): IsvcError {
  return new IsvcError('ISVC_FETCH_SIGNATURE', message, { path, hint: 'sign the model with model_signing 1.0 or later, with SHA-256' });
}
