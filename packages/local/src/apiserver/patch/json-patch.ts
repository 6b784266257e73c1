import { isJsonObject, jsonEqual } from 'cdk8s-kserve/api';
import type { MutableJson } from '../json';
import { StatusError, badRequest } from '../status-error';

/** More than any honest patch has; the real server refuses the same number. */
const MAX_OPERATIONS = 10_000;

/**
 * Applies a JSON patch (RFC 6902).
 * @throws StatusError 400 when the document is not a patch, 422 when an operation does not fit the object
 */
export function applyJsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('a JSON patch must be a list of operations');
  if (patch.length > MAX_OPERATIONS) {
    throw new StatusError(413, 'RequestEntityTooLarge', `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`);
  }
  let root = structuredClone(target);
  for (const operation of patch) root = applyOperation(root, operation);
  return root;
}

function applyOperation(root: unknown, operation: unknown): unknown {
  if (!isJsonObject(operation)) throw badRequest('an operation of a JSON patch must be a mapping');
  const { op, value } = operation;
  const path = pointer(operation['path']);
  switch (op) {
    case 'add': return add(root, path, structuredClone(value));
    case 'remove': return remove(root, path);
    case 'replace':
      get(root, path);
      return add(remove(root, path), path, structuredClone(value));
    case 'copy': return add(root, path, structuredClone(get(root, pointer(operation['from']))));
    case 'move': {
      const from = pointer(operation['from']);
      const moved = get(root, from);
      return add(remove(root, from), path, moved);
    }
    case 'test':
      if (!jsonEqual(get(root, path), value)) throw unprocessable(`testing path ${String(operation['path'])} value failed`);
      return root;
    default: throw unprocessable(`unexpected kind: ${String(op)}`);
  }
}

function pointer(text: unknown): string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/'))) throw unprocessable(`not a JSON pointer: ${String(text)}`);
  return text === '' ? [] : text.slice(1).split('/').map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function get(root: unknown, path: readonly string[]): unknown {
  let current = root;
  for (const part of path) {
    if (Array.isArray(current)) current = current[indexIn(current, part, current.length - 1)];
    else if (isJsonObject(current) && Object.hasOwn(current, part)) current = current[part];
    else throw missing(path);
  }
  return current;
}

function add(root: unknown, path: readonly string[], value: unknown): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = get(root, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(last === '-' ? parent.length : indexIn(parent, last, parent.length), 0, value);
  else if (isJsonObject(parent)) (parent as MutableJson)[last] = value;
  else throw missing(path);
  return root;
}

function remove(root: unknown, path: readonly string[]): unknown {
  const last = path.at(-1);
  if (last === undefined) return null;
  const parent = get(root, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last, parent.length - 1), 1);
  else if (isJsonObject(parent) && Object.hasOwn(parent, last)) delete (parent as MutableJson)[last];
  else throw missing(path);
  return root;
}

function indexIn(list: readonly unknown[], part: string, max: number): number {
  const index = /^(0|[1-9]\d*)$/.test(part) ? Number(part) : -1;
  if (index < 0 || index > max) throw unprocessable(`index ${part} is outside of a list of ${list.length}`);
  return index;
}

function missing(path: readonly string[]): StatusError {
  return unprocessable(`path /${path.join('/')} does not exist`);
}

function unprocessable(message: string): StatusError {
  return new StatusError(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`);
}
