import { applyDefaults, pruneUnknown, type StructuralSchema } from 'cdk8s-kserve/api';
import fc from 'fast-check';

const SCHEMA: StructuralSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer', default: 3 },
        note: { type: 'string' },
        maybe: { type: 'string', nullable: true },
        nested: { type: 'object', default: {}, properties: { on: { type: 'boolean', default: true } } },
        list: { type: 'array', items: { type: 'object', properties: { a: { type: 'integer', default: 1 } } } },
        map: { type: 'object', additionalProperties: { type: 'object', properties: { b: { type: 'integer', default: 2 } } } },
        open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { closed: { type: 'object', properties: {} } } },
        embedded: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: {} },
      },
    },
  },
};

describe('pruneUnknown', () => {
  test('drops unknown fields at every depth and names them', () => {
    const value = { kind: 'X', metadata: { odd: 1 }, top: 1, spec: { size: 1, foo: 1, list: [{ a: 1, x: 1 }], map: { k: { b: 1, y: 1 } } } };
    expect(pruneUnknown(SCHEMA, value)).toEqual({
      value: { kind: 'X', metadata: { odd: 1 }, spec: { size: 1, list: [{ a: 1 }], map: { k: { b: 1 } } } },
      unknownFields: ['top', 'spec.foo', 'spec.list[0].x', 'spec.map.k.y'],
    });
  });

  test('keeps what is declared open, and prunes known fields inside it', () => {
    const { value, unknownFields } = pruneUnknown(SCHEMA, { spec: { open: { any: 1, closed: { x: 1 } } } });
    expect(value).toEqual({ spec: { open: { any: 1, closed: {} } } });
    expect(unknownFields).toEqual(['spec.open.closed.x']);
  });

  test('keeps the identity of an embedded object', () => {
    const value = { spec: { embedded: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } } } };
    expect(pruneUnknown(SCHEMA, value).value).toBe(value);
  });

  test('returns the very value when nothing is unknown', () => {
    const value = { spec: { size: 1, list: [{ a: 1 }] } };
    expect(pruneUnknown(SCHEMA, value).value).toBe(value);
  });

  test('a field named __proto__ is dropped like any other and changes no prototype', () => {
    const { unknownFields } = pruneUnknown(SCHEMA, JSON.parse('{"spec":{"__proto__":{"polluted":1}}}'));
    expect(unknownFields).toEqual(['spec.__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('is idempotent and pure for any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (spec) => {
      const before = JSON.stringify(spec);
      const once = pruneUnknown(SCHEMA, { spec });
      expect(JSON.stringify(spec)).toBe(before);
      expect(pruneUnknown(SCHEMA, once.value)).toEqual({ value: once.value, unknownFields: [] });
    }));
  });
});

describe('applyDefaults', () => {
  test.each<[string, unknown, unknown]>([
    ['fills missing fields, and defaults inside of defaults', { spec: {} }, { spec: { size: 3, nested: { on: true } } }],
    ['keeps what is given', { spec: { size: 0, nested: { on: false } } }, { spec: { size: 0, nested: { on: false } } }],
    ['reaches list items and map values', { spec: { size: 1, nested: {}, list: [{}], map: { k: {} } } }, { spec: { size: 1, nested: { on: true }, list: [{ a: 1 }], map: { k: { b: 2 } } } }],
    ['replaces a null by the default', { spec: { size: null, nested: {} } }, { spec: { size: 3, nested: { on: true } } }],
    ['drops a null without default, keeps a nullable one', { spec: { note: null, maybe: null } }, { spec: { maybe: null, size: 3, nested: { on: true } } }],
    ['does not create a parent that has no default', {}, {}],
  ])('%s', (_what, value, expected) => {
    expect(applyDefaults(SCHEMA, value)).toEqual(expected);
  });

  test('two objects never share a default', () => {
    const [a, b] = [applyDefaults(SCHEMA, { spec: {} }), applyDefaults(SCHEMA, { spec: {} })] as { spec: { nested: object } }[];
    expect(a?.spec.nested).not.toBe(b?.spec.nested);
  });

  test('is idempotent for any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (spec) => {
      const once = applyDefaults(SCHEMA, { spec });
      expect(applyDefaults(SCHEMA, once)).toEqual(once);
    }));
  });
});
