import type { Field } from './fields/field';
import type { Compute } from './fields/row';
import type { Scope } from './fields/scope';
import { arrayTexts } from './fields/text-array';
import { INVALID, type Present, cast, literal } from './fields/value';
import type { Element } from './xml/element';

/** Whether something holds for a row; `undefined` where a missing value leaves it open. */
export type Predicate = Compute<boolean | undefined>;

export const PREDICATE_NAMES = ['True', 'False', 'SimplePredicate', 'SimpleSetPredicate', 'CompoundPredicate'] as const;

type Compare = (a: number | string | boolean, b: number | string | boolean) => boolean;

const COMPARISONS: Readonly<Record<string, Compare>> = {
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
  lessThan: (a, b) => a < b,
  lessOrEqual: (a, b) => a <= b,
  greaterThan: (a, b) => a > b,
  greaterOrEqual: (a, b) => a >= b,
};
const OPERATORS = [...Object.keys(COMPARISONS), 'isMissing', 'isNotMissing'];

/** Compiles the predicate of an element. @throws IsvcError ISVC_MODEL_CORRUPT where it has none. */
export function predicateOf(owner: Element, scope: Scope): Predicate {
  const element = owner.children.find((child) => (PREDICATE_NAMES as readonly string[]).includes(child.name));
  if (!element) throw owner.corrupt(`has none of ${PREDICATE_NAMES.join(', ')}`);
  return compilePredicate(element, scope);
}

function compilePredicate(element: Element, scope: Scope): Predicate {
  if (element.name === 'True') return () => true;
  if (element.name === 'False') return () => false;
  if (element.name === 'SimplePredicate') return simple(element, scope);
  return element.name === 'SimpleSetPredicate' ? inSet(element, scope) : compound(element, scope);
}

function simple(element: Element, scope: Scope): Predicate {
  const field = scope.field(element.requiredAttribute('field'), element);
  const operator = element.oneOf('operator', OPERATORS);
  const { read } = field;
  if (operator === 'isMissing') return (row) => read(row) === undefined;
  if (operator === 'isNotMissing') return (row) => read(row) !== undefined;
  const compare = COMPARISONS[operator] as Compare;
  const wanted = literal(element.requiredAttribute('value'), field.dataType, element);
  if (typeof wanted === 'number' && field.opType !== 'ordinal') return numeric(read as Compute<number | undefined>, operator, wanted);
  const rank = rankOf(field);
  const wantedRank = rank(wanted);
  return (row) => {
    const value = read(row);
    return value === undefined ? undefined : compare(rank(value), wantedRank);
  };
}

/** Trees are made of these, so each is one comparison. */
function numeric(read: Compute<number | undefined>, operator: string, wanted: number): Predicate {
  const tests: Readonly<Record<string, Predicate>> = {
    equal: (row) => { const value = read(row); return value === undefined ? undefined : value === wanted; },
    notEqual: (row) => { const value = read(row); return value === undefined ? undefined : value !== wanted; },
    lessThan: (row) => { const value = read(row); return value === undefined ? undefined : value < wanted; },
    lessOrEqual: (row) => { const value = read(row); return value === undefined ? undefined : value <= wanted; },
    greaterThan: (row) => { const value = read(row); return value === undefined ? undefined : value > wanted; },
    greaterOrEqual: (row) => { const value = read(row); return value === undefined ? undefined : value >= wanted; },
  };
  return tests[operator] as Predicate;
}

/** Ordinal values stand in the order in which the document lists them, others in their own. */
function rankOf({ opType, values }: Field): (value: Present) => Present {
  if (opType !== 'ordinal' || !values) return (value) => value;
  const ranks = new Map(values.map((value, i) => [value, i]));
  return (value) => ranks.get(value) ?? Number.NaN;
}

function inSet(element: Element, scope: Scope): Predicate {
  const { read, dataType } = scope.field(element.requiredAttribute('field'), element);
  const wanted = element.oneOf('booleanOperator', ['isIn', 'isNotIn']) === 'isIn';
  const known = arrayTexts(element.required('Array')).map((text) => cast(text, dataType));
  const set = new Set<unknown>(known.filter((value) => value !== INVALID));
  return (row) => {
    const value = read(row);
    return value === undefined ? undefined : set.has(value) === wanted;
  };
}

function compound(element: Element, scope: Scope): Predicate {
  const operator = element.oneOf('booleanOperator', ['and', 'or', 'xor', 'surrogate']);
  const parts = element.children.filter((child) => (PREDICATE_NAMES as readonly string[]).includes(child.name)).map((child) => compilePredicate(child, scope));
  if (parts.length === 0) throw element.corrupt('has no predicate');
  if (operator === 'surrogate') {
    return (row) => {
      for (const part of parts) {
        const holds = part(row);
        if (holds !== undefined) return holds;
      }
      return undefined;
    };
  }
  if (operator === 'xor') {
    return (row) => {
      let odd = false;
      for (const part of parts) {
        const holds = part(row);
        if (holds === undefined) return undefined;
        odd = odd !== holds;
      }
      return odd;
    };
  }
  const decisive = operator === 'or';
  return (row) => {
    let open = false;
    for (const part of parts) {
      const holds = part(row);
      if (holds === decisive) return decisive;
      open ||= holds === undefined;
    }
    return open ? undefined : !decisive;
  };
}
