import type { ErrorCode } from '../errors/catalogue';
import type { Problem } from '../problem';
import { findViolations } from './find-violations';
import { jsonTypeOf } from './json-value';
import type { StructuralSchema } from './structural-schema';
import { didYouMean } from './suggest';
import type { BoundRule, CombinationRule, Violation } from './violation';

/**
 * Everything wrong with a value by its schema, as problems a user can act on: wrong types, missing and unknown fields
 * (with the names that are near), values outside what is allowed. CEL rules are not evaluated.
 *
 * @param path Field path of the value. An empty path means that the value is a whole Kubernetes object, whose
 * apiVersion, kind and metadata are known to every schema and not checked here.
 */
export function checkSchema(schema: StructuralSchema, value: unknown, path = ''): Problem[] {
  return findViolations(schema, value, path, { resourceRoot: path === '' }).map(toProblem);
}

function toProblem(violation: Violation): Problem {
  const { message, code, hint } = describe(violation);
  return { code, severity: 'error', path: violation.path || '(root)', message, ...(hint ? { hint } : {}) };
}

interface Description {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

function describe(violation: Violation): Description {
  switch (violation.rule) {
    case 'unknown-field':
      return { code: 'ISVC_API_UNKNOWN_FIELD', message: `unknown field ${JSON.stringify(violation.field)}`, hint: hintFor(violation.field, violation.known) };
    case 'type':
      return { code: 'ISVC_API_WRONG_TYPE', message: `must be ${typeWords(violation.expected)}, got ${given(violation.value)}` };
    case 'required':
      return { code: 'ISVC_API_REQUIRED', message: 'is required' };
    case 'enum':
      return {
        code: 'ISVC_API_INVALID_VALUE',
        message: `must be one of ${violation.allowed.map((v) => JSON.stringify(v)).join(', ')}, got ${given(violation.value)}`,
        hint: typeof violation.value === 'string' ? didYouMean(violation.value, violation.allowed.filter((v) => typeof v === 'string')) : undefined,
      };
    case 'pattern':
      return invalid(`must match ${violation.pattern}, got ${given(violation.value)}`);
    case 'format':
      return invalid(`must have the format ${violation.format}, got ${given(violation.value)}`);
    case 'duplicate':
      return invalid(`repeats an earlier entry of the list: ${shorten(JSON.stringify(violation.value))}`);
    case 'allOf': case 'anyOf': case 'oneOf': case 'not':
      return invalid(`${COMBINATION_WORDS[violation.rule]}, got ${given(violation.value)}`);
    default:
      return invalid(`${BOUND_WORDS[violation.rule](violation.limit)}, got ${size(violation.rule, violation.value)}`);
  }
}

const BOUND_WORDS: Readonly<Record<BoundRule, (limit: number) => string>> = {
  minimum: (n) => `must be >= ${n}`,
  maximum: (n) => `must be <= ${n}`,
  exclusiveMinimum: (n) => `must be > ${n}`,
  exclusiveMaximum: (n) => `must be < ${n}`,
  multipleOf: (n) => `must be a multiple of ${n}`,
  minLength: (n) => `must have at least ${n} characters`,
  maxLength: (n) => `must have at most ${n} characters`,
  minItems: (n) => `must have at least ${n} items`,
  maxItems: (n) => `must have at most ${n} items`,
  minProperties: (n) => `must have at least ${n} fields`,
  maxProperties: (n) => `must have at most ${n} fields`,
};

const COMBINATION_WORDS: Readonly<Record<CombinationRule, string>> = {
  allOf: 'must satisfy every one of its alternatives',
  anyOf: 'must satisfy at least one of its alternatives',
  oneOf: 'must satisfy exactly one of its alternatives',
  not: 'must not have the form that its schema excludes',
};

function invalid(message: string): Description {
  return { code: 'ISVC_API_INVALID_VALUE', message };
}

function hintFor(field: string, known: readonly string[]): string | undefined {
  const near = didYouMean(field, known);
  if (near) return near;
  return known.length > 0 && known.length <= 12 ? `known fields are ${[...known].sort().join(', ')}` : undefined;
}

function typeWords(expected: string): string {
  if (expected === 'integer,string') return 'an integer or a string';
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function given(value: unknown): string {
  const type = jsonTypeOf(value);
  return type === 'object' || type === 'array' ? `an ${type}` : shorten(JSON.stringify(value ?? null));
}

function size(rule: BoundRule, value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (rule.endsWith('Length')) return given(value);
  return String(Array.isArray(value) ? value.length : Object.keys(value as object).length);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
