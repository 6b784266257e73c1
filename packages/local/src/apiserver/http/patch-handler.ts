import { type KubeObject, pruneUnknown } from 'cdk8s-kserve/api';
import { invalidValue, required } from '../field-error';
import { invalid } from '../invalid-object';
import { applyJsonPatch } from '../patch/json-patch';
import { applyMergePatch } from '../patch/merge-patch';
import { applyStrategicMergePatch } from '../patch/strategic-merge-patch';
import { apiVersionOf, type ServedResource } from '../resources/served-resource';
import { applyConfiguration } from '../ssa/apply';
import { badRequest, conflict, MODIFIED, notFound, StatusError, unsupportedMediaType } from '../status-error';
import { storageKeyOf } from '../storage/object-store';
import { decodeObject } from '../write/decode-object';
import type { ObjectWriter } from '../write/object-writer';
import { parseBody } from './body';
import { answerWrite, type ObjectRequest, writeOptionsOf } from './object-request';
import { flag } from './query';
import type { Answer } from './respond';
import { applyScale, toScale } from './scale';

const APPLY = 'application/apply-patch+yaml';
const STRATEGIC = 'application/strategic-merge-patch+json';

type ChangeObject = (resource: ServedResource, object: unknown, change: unknown) => unknown;

const PATCHES: Readonly<Record<string, ChangeObject>> = {
  'application/json-patch+json': (_resource, object, change) => applyJsonPatch(object, change),
  'application/merge-patch+json': (_resource, object, change) => applyMergePatch(object, requireObject(change)),
  [STRATEGIC]: (resource, object, change) => applyStrategicMergePatch(resource.schema, object, requireObject(change)),
};

/** Changes an object by any of the patch types; an apply may create it. @throws StatusError */
export function patchObject(writer: ObjectWriter, request: ObjectRequest, name: string): Answer {
  const { resource, mediaType } = request;
  if (mediaType === APPLY) return apply(writer, request, name);
  const change = PATCHES[mediaType];
  // Custom resources have no Go types, from which the real server takes the merge keys of a strategic merge.
  if (!change || (resource.custom && mediaType === STRATEGIC)) {
    throw unsupportedMediaType([...Object.keys(PATCHES).filter((type) => type !== STRATEGIC), APPLY, ...(resource.custom ? [] : [STRATEGIC])]);
  }
  const live = writer.read(resource, name, request.namespace);
  const patch = parseBody(request.body, 'application/json');
  const options = writeOptionsOf(request, 'Update');
  const next = request.subresource === 'scale'
    ? applyScale(resource, live, change(resource, toScale(resource, live), patch))
    : decodeObject(change(resource, live, patch), request);
  if (options.fieldValidation === 'Strict') rejectUnknown(resource, next, patch);
  return answerWrite(writer.update(resource, live, next, options), request);
}

function apply(writer: ObjectWriter, request: ObjectRequest, name: string): Answer {
  const { resource, query } = request;
  if (!query.get('fieldManager')) throw invalid({ kind: 'PatchOptions', group: 'meta.k8s.io' }, '', [required('fieldManager', 'is required for apply patch')]);
  const stored = writer.store.get(storageKeyOf(resource), { name, namespace: request.namespace });
  // An apply to an existing object merges into one that has a name already.
  const config = decodeObject(parseBody(request.body, 'application/yaml'), { ...request, nameFromAddress: stored !== undefined });
  if (config.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  rejectUndeclared(resource, config);
  const options = writeOptionsOf(request, 'Apply');
  const live = stored && writer.read(resource, name, request.namespace);
  if (!live && request.subresource !== undefined) throw notFound(resource, name);
  if (live) checkIdentity(resource, live, config);
  const result = applyConfiguration(live, config, {
    schema: resource.schema, writer: options.writer, force: flag(query, 'force'), time: writer.time(), hasStatusSubresource: resource.subresources.has('status'),
  });
  const write = { ...options, keepManagedFields: true };
  return answerWrite(live ? writer.update(resource, live, result, write) : writer.create(resource, result, write), request);
}

/** An apply may be tied to one version or to one life of the object. */
function checkIdentity(resource: ServedResource, live: KubeObject, config: KubeObject): void {
  const { name, uid, resourceVersion } = config.metadata;
  if (uid && uid !== live.metadata.uid) throw conflict(resource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid ?? ''}`);
  if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) throw conflict(resource, name, MODIFIED);
}

/** An apply must be typed as a whole: what has no schema has no owner. The real server answers 500 for it. */
function rejectUndeclared(resource: ServedResource, config: KubeObject): void {
  const { unknownFields } = pruneUnknown(resource.schema, config);
  if (unknownFields.length === 0) return;
  const { name, namespace } = config.metadata;
  const lines = unknownFields.map((path) => `.${path}: field not declared in schema`);
  const what = `${namespace ? `${namespace}/` : ''}${name}; ${apiVersionOf(resource)}, Kind=${resource.kind}`;
  throw new StatusError(500, '', `failed to create typed patch object (${what}): ${lines.length === 1 ? lines[0] : `errors:\n${lines.map((line) => `  ${line}`).join('\n')}`}`);
}

function rejectUnknown(resource: ServedResource, next: KubeObject, patch: unknown): void {
  const { unknownFields } = pruneUnknown(resource.schema, next);
  if (unknownFields.length === 0) return;
  const detail = `strict decoding error: ${unknownFields.map((path) => `unknown field ${JSON.stringify(path)}`).join(', ')}`;
  throw invalid({ kind: '', group: '' }, '', [invalidValue('patch', patch, detail)]);
}

function requireObject(change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) throw badRequest('a merge patch must be a mapping');
  return change;
}
