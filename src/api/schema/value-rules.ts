import { isJsonObject, jsonEqual } from './json-value';
import { matchesFormat } from './formats';
import type { StructuralSchema } from './structural-schema';
import type { BoundRule, Violation } from './violation';

/** Whether a value fits a schema; passed in because the walk and these rules need each other. */
export type Fits = (schema: StructuralSchema, value: unknown) => boolean;

/** The rules about one value, its children aside, that it breaks. Rules of another type than the value's do not apply. */
export function brokenValueRules(schema: StructuralSchema, value: unknown, path: string, fits: Fits): Violation[] {
  const found: Violation[] = [];
  if (schema.enum && !schema.enum.some((allowed) => jsonEqual(allowed, value))) found.push({ rule: 'enum', path, value, allowed: schema.enum });
  if (typeof value === 'string' && schema.pattern !== undefined && !matchesPattern(schema.pattern, value)) {
    found.push({ rule: 'pattern', path, value, pattern: schema.pattern });
  }
  if ((typeof value === 'string' || typeof value === 'number') && schema.format !== undefined && !matchesFormat(schema.format, value)) {
    found.push({ rule: 'format', path, value, format: schema.format });
  }
  for (const [rule, limit] of brokenBounds(schema, value)) found.push({ rule, path, value, limit });
  if (Array.isArray(value)) found.push(...duplicates(schema, value, path));
  found.push(...brokenCombinations(schema, value, path, fits));
  return found;
}

function brokenBounds(schema: StructuralSchema, value: unknown): [BoundRule, number][] {
  if (typeof value === 'number') return brokenNumberBounds(schema, value);
  const broken: [BoundRule, number][] = [];
  const between = (size: number, min: BoundRule & keyof StructuralSchema, max: BoundRule & keyof StructuralSchema): void => {
    const [low, high] = [schema[min], schema[max]];
    if (typeof low === 'number' && size < low) broken.push([min, low]);
    if (typeof high === 'number' && size > high) broken.push([max, high]);
  };
  // Kubernetes counts runes, not UTF-16 units.
  if (typeof value === 'string') between([...value].length, 'minLength', 'maxLength');
  else if (Array.isArray(value)) between(value.length, 'minItems', 'maxItems');
  else if (isJsonObject(value)) between(Object.keys(value).length, 'minProperties', 'maxProperties');
  return broken;
}

function brokenNumberBounds(schema: StructuralSchema, value: number): [BoundRule, number][] {
  const { minimum, maximum, multipleOf } = schema;
  const broken: [BoundRule, number][] = [];
  if (minimum !== undefined) {
    if (schema.exclusiveMinimum ? value <= minimum : value < minimum) broken.push([schema.exclusiveMinimum ? 'exclusiveMinimum' : 'minimum', minimum]);
  }
  if (maximum !== undefined) {
    if (schema.exclusiveMaximum ? value >= maximum : value > maximum) broken.push([schema.exclusiveMaximum ? 'exclusiveMaximum' : 'maximum', maximum]);
  }
  if (multipleOf !== undefined && multipleOf > 0) {
    const quotient = value / multipleOf;
    if (Math.abs(quotient - Math.round(quotient)) > 1e-9) broken.push(['multipleOf', multipleOf]);
  }
  return broken;
}

function duplicates(schema: StructuralSchema, items: readonly unknown[], path: string): Violation[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return [];
  const keys = type === 'map' ? schema['x-kubernetes-list-map-keys'] ?? [] : [];
  const seen = new Set<string>();
  const found: Violation[] = [];
  for (const [i, item] of items.entries()) {
    const identity = type === 'map' && isJsonObject(item) ? Object.fromEntries(keys.map((k) => [k, item[k]])) : item;
    const text = JSON.stringify(identity);
    if (seen.has(text)) found.push({ rule: 'duplicate', path: `${path}[${i}]`, value: identity, keys });
    seen.add(text);
  }
  return found;
}

function brokenCombinations(schema: StructuralSchema, value: unknown, path: string, fits: Fits): Violation[] {
  const found: Violation[] = [];
  const matches = (parts: readonly StructuralSchema[]): number => parts.filter((part) => fits(part, value)).length;
  if (schema.allOf && matches(schema.allOf) < schema.allOf.length) found.push({ rule: 'allOf', path, value, matched: matches(schema.allOf) });
  if (schema.anyOf && matches(schema.anyOf) === 0) found.push({ rule: 'anyOf', path, value, matched: 0 });
  if (schema.oneOf && matches(schema.oneOf) !== 1) found.push({ rule: 'oneOf', path, value, matched: matches(schema.oneOf) });
  if (schema.not && fits(schema.not, value)) found.push({ rule: 'not', path, value, matched: 1 });
  return found;
}

const compiled = new Map<string, RegExp | undefined>();

/** A CRD's pattern is RE2; what JavaScript cannot compile is not checked, rather than refused wrongly. */
function matchesPattern(pattern: string, text: string): boolean {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern)?.test(text) ?? true;
}

function compile(pattern: string): RegExp | undefined {
  const insensitive = pattern.startsWith('(?i)');
  const source = (insensitive ? pattern.slice(4) : pattern).replace(/\\A/g, '^').replace(/\\z/g, '$');
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, insensitive ? `${flags}i` : flags);
    } catch {
      // Without the `u` flag JavaScript tolerates escapes (`\-`) that RE2 allows too.
    }
  }
  return undefined;
}
