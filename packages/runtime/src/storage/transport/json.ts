import { IsvcError } from 'cdk8s-kserve/api';

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws IsvcError ISVC_FETCH_IO where a store answers with anything but a JSON object or array. */
export function parseJson(text: string, store: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new IsvcError('ISVC_FETCH_IO', `${store}: the answer is not JSON`, { hint: 'check the endpoint: something else answers there' });
  }
}

/** The value as an object; an empty one for anything else, so that fields read as missing. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text that a field of an error document has, wherever in it; the document may be cut. At most 300 characters. */
export function fieldOf(document: string, name: string): string | undefined {
  const quoted = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(document)?.[1];
  if (quoted === undefined) return undefined;
  try {
    return asText(JSON.parse(quoted)).slice(0, 300) || undefined;
  } catch {
    return undefined;
  }
}

/** A text; empty for anything else. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
