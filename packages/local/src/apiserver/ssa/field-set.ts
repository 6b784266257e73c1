import { isJsonObject, type JsonObject } from 'cdk8s-kserve/api';

/**
 * A set of fields as a tree, in the terms of Kubernetes' FieldsV1. The keys of `children` are its path elements: `f:name` for a field,
 * `k:{"name":"a"}` for an entry of a keyed list, `v:"x"` for a member of a set. Trees are immutable.
 */
export interface FieldSet {
  /** Whether the path that leads here is itself in the set. */
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const EMPTY: FieldSet = { member: false, children: new Map() };
export const LEAF: FieldSet = { member: true, children: new Map() };

export function isEmpty(set: FieldSet | undefined): boolean {
  return !set || (!set.member && set.children.size === 0);
}

/** A node without children that hold nothing. */
export function node(member: boolean, children: Iterable<readonly [string, FieldSet]>): FieldSet {
  return { member, children: new Map([...children].filter(([, child]) => !isEmpty(child))) };
}

export function union(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet {
  return combine(a, b, (x, y) => x || y);
}

export function intersection(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet {
  return combine(a, b, (x, y) => x && y);
}

/** The members of `a` that are not members of `b`; what lies below a member of `b` stays. */
export function difference(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet {
  return combine(a, b, (x, y) => x && !y);
}

function combine(a: FieldSet = EMPTY, b: FieldSet = EMPTY, rule: (inA: boolean, inB: boolean) => boolean): FieldSet {
  const keys = new Set([...a.children.keys(), ...b.children.keys()]);
  return node(rule(a.member, b.member), [...keys].map((key) => [key, combine(a.children.get(key), b.children.get(key), rule)] as const));
}

/** The paths in the set as error messages print them: `.spec.containers[name="a"].image`. */
export function pathsOf(set: FieldSet, prefix = ''): string[] {
  const below = [...set.children].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([key, child]) => pathsOf(child, prefix + printElement(key)));
  return set.member ? [prefix, ...below] : below;
}

function printElement(key: string): string {
  const rest = key.slice(2);
  if (key.startsWith('f:')) return `.${rest}`;
  if (key.startsWith('v:')) return `[=${rest}]`;
  const fields = Object.entries(JSON.parse(rest) as JsonObject).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${fields.join(',')}]`;
}

/** The form of `metadata.managedFields[].fieldsV1`. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const fields = [...set.children].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, child]): [string, JsonObject] => {
    const below = toFieldsV1(child);
    return [key, child.member && child.children.size > 0 ? { '.': {}, ...below } : below];
  });
  return Object.fromEntries(fields);
}

/** Reads what `toFieldsV1` wrote; anything that is not a path element is left out. */
export function fromFieldsV1(fields: unknown): FieldSet {
  if (!isJsonObject(fields)) return EMPTY;
  const children = Object.entries(fields)
    .filter(([key]) => /^[fkv]:/.test(key))
    .map(([key, below]): [string, FieldSet] => {
      const child = fromFieldsV1(below);
      const member = child.children.size === 0 || (isJsonObject(below) && Object.hasOwn(below, '.'));
      return [key, { member, children: child.children }];
    });
  return { member: false, children: new Map(children) };
}
