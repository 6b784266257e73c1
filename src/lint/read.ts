import { isJsonObject, type JsonObject } from '../api';

/** Readers of parts that no schema has checked: what has another shape reads as absent. */
export function mapAt(value: unknown, ...path: readonly string[]): JsonObject {
  const found = at(value, path);
  return isJsonObject(found) ? found : {};
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' ? found : undefined;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((part, step) => (isJsonObject(part) ? part[step] : undefined), value);
}

/** `parent["key"]`: the path of a field whose name holds dots or slashes. */
export function keyPath(parent: string, key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}
