import { messageOf } from 'cdk8s-kserve/api';
import type { MutableJson } from '../json';
import { StatusError, badRequest } from '../status-error';
import { type Field, type Message, MESSAGES } from './messages';
import { type WireField, wireFields } from './wire';

export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';

/** Four bytes before every object that Kubernetes sends as protobuf. */
const MAGIC = Buffer.from('k8s\0', 'latin1');

/**
 * Decodes the body of a typed client: an envelope that names the kind, and the object in it.
 * @throws StatusError 400 for bytes that are no such body, 415 for a kind or field that only JSON can carry here
 */
export function decodeProtobuf(body: Buffer): unknown {
  if (!body.subarray(0, 4).equals(MAGIC)) throw badRequest('the object provided is unrecognized: it is not a Kubernetes protobuf object');
  try {
    return decodeEnvelope(body.subarray(4));
  } catch (error) {
    throw error instanceof StatusError ? error : badRequest(`the object provided is unrecognized: ${messageOf(error)}`);
  }
}

function decodeEnvelope(bytes: Buffer): unknown {
  const fields = new Map(wireFields(bytes).map((field) => [field.number, field.value]));
  const type = new Map(wireFields(bytesOf(fields.get(1))).map((field) => [field.number, bytesOf(field.value).toString('utf8')]));
  const [apiVersion = '', kind = ''] = [type.get(1), type.get(2)];
  const message = MESSAGES.get(kind === 'DeleteOptions' ? 'v1/DeleteOptions' : `${apiVersion}/${kind}`);
  if (!message) throw jsonOnly(`${apiVersion} ${kind}`);
  return { apiVersion, kind, ...decodeMessage(message, bytesOf(fields.get(2)), kind) };
}

function decodeMessage(message: Message, bytes: Buffer, path: string): MutableJson {
  const result: MutableJson = {};
  for (const wire of wireFields(bytes)) {
    const field = message.get(wire.number);
    if (!field) {
      // Go writes empty structs and zeros that nobody set; anything else would be lost.
      if (isZero(wire)) continue;
      throw jsonOnly(`field ${wire.number} of ${path}`);
    }
    const value = decodeField(field, wire, `${path}.${field.name}`);
    if (field.inline) Object.assign(result, value);
    else if (field.type === 'string-map' || field.type === 'bytes-map') result[field.name] = { ...(result[field.name] as object | undefined), ...(value as object) };
    else if (field.repeated) result[field.name] = [...((result[field.name] as unknown[] | undefined) ?? []), value];
    else if (field.keepZero || !isZeroValue(value)) result[field.name] = value;
  }
  return result;
}

function decodeField(field: Field, wire: WireField, path: string): unknown {
  const { type } = field;
  if (type === 'int') return Number(wire.value);
  if (type === 'bool') return Number(wire.value) !== 0;
  const bytes = bytesOf(wire.value);
  switch (type) {
    case 'string': return bytes.toString('utf8');
    case 'bytes': return bytes.toString('base64');
    case 'string-map': return mapEntry(bytes, 'utf8');
    case 'bytes-map': return mapEntry(bytes, 'base64');
    case 'int-or-string': {
      const parts = new Map(wireFields(bytes).map((part) => [part.number, part.value]));
      return Number(parts.get(1) ?? 0) === 1 ? bytesOf(parts.get(3)).toString('utf8') : Number(parts.get(2) ?? 0);
    }
    case 'quantity': return bytesOf(wireFields(bytes)[0]?.value).toString('utf8');
    // The server sets every time of metadata itself.
    case 'time': return '';
    default: return decodeMessage(type, bytes, path);
  }
}

function mapEntry(bytes: Buffer, encoding: 'utf8' | 'base64'): Record<string, string> {
  const parts = new Map(wireFields(bytes).map((part) => [part.number, bytesOf(part.value)]));
  return { [parts.get(1)?.toString('utf8') ?? '']: parts.get(2)?.toString(encoding) ?? '' };
}

function bytesOf(value: Buffer | bigint | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

function isZero(wire: WireField): boolean {
  if (!Buffer.isBuffer(wire.value)) return wire.value === 0n;
  return wire.value.length === 0;
}

function isZeroValue(value: unknown): boolean {
  return value === '' || value === 0 || value === false || (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0);
}

function jsonOnly(what: string): StatusError {
  return new StatusError(415, 'UnsupportedMediaType', `this server does not decode ${what} from protobuf; send it as application/json, for example with kubectl apply`);
}
